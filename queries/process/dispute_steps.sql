-- question: Was each dispute acknowledged and answered in time?
-- grain: one row per dispute and rule, once its time is over
-- params:
--   as_of date: nothing after this day is used
--   ack_days integer = 1: days of 24 hours within which a dispute is to be acknowledged
--     range: 0 to 366
--   answer_days integer = 30: days of 24 hours within which it is to be answered
--     range: 0 to 366
--   early_days integer = 30: last day past due of the early stage (M1)
--     range: 1 to 3660
--   middle_days integer = 90: last day past due of the middle stage (M2-M3)
--     range: early_days to 3660
-- columns: rule_id, item_kind, item_id, currency, account_id, product, branch, team, stage, happened_on, verdict, missing,
--   detail
--   happened_on: the day on which it was decided: that of the answer, or the day after the last day of its time
--   verdict: kept, breach or not_assessable
-- notes: an answer counts as an acknowledgement. The time is exact. A dispute that is still open is not judged before the day
--   after the last day of its time, and from then on is a breach
with given as (
    select column_name, bool_or(is_provided) as is_provided
    from column_presence
    where table_name = 'disputes'
    group by column_name
),

opened as (
    select
        dispute_id, account_key, opened_on, opened_at,
        case when cast(acknowledged_at as date) <= $as_of then acknowledged_at end as acknowledged_at,
        case when cast(resolved_at as date) <= $as_of then resolved_at end as resolved_at
    from disputes
    where opened_on <= $as_of
),

timed as (
    select
        *,
        'dispute_acknowledged' as rule_id,
        'acknowledged_at' as column_name,
        cast($ack_days as integer) as days,
        case when acknowledged_at < resolved_at or resolved_at is null then acknowledged_at else resolved_at end as done_at
    from opened

    union all

    select
        *,
        'dispute_answered' as rule_id,
        'resolved_at' as column_name,
        cast($answer_days as integer) as days,
        resolved_at as done_at
    from opened
),

staged as (
    select
        opened.dispute_id,
        max(opened.opened_on - overdue_runs.counted_from) as days_past_due,
        bool_or(overdue_runs.is_written_off) as is_written_off
    from opened
    inner join overdue_runs
        on
            opened.account_key = overdue_runs.account_key
            and opened.opened_on between overdue_runs.from_on and coalesce(overdue_runs.to_on, opened.opened_on)
    group by opened.dispute_id
)

select
    timed.rule_id,
    'dispute' as item_kind,
    timed.dispute_id as item_id, accounts.currency, accounts.account_id, accounts.product, accounts.branch,
    cast(null as varchar) as team,
    macros.stage_on(staged.days_past_due, staged.is_written_off, $early_days, $middle_days) as stage,
    case
        when timed.done_at is null then timed.opened_on + timed.days + 1
        else least(timed.opened_on + timed.days + 1, greatest(timed.opened_on, cast(timed.done_at as date)))
    end as happened_on,
    case
        when not coalesce(given.is_provided, true) then 'not_assessable'
        when timed.done_at is null then 'breach'
        when timed.done_at > timed.opened_at + to_hours(24 * timed.days) then 'breach'
        else 'kept'
    end as verdict,
    case when not coalesce(given.is_provided, true) then 'disputes.' || timed.column_name end as missing,
    coalesce(
        cast(ceil(date_diff('second', timed.opened_at, timed.done_at) / 8640) / 10 as varchar) || ' d', 'open'
    ) as detail
from timed
inner join accounts on timed.account_key = accounts.account_key
left join given on timed.column_name = given.column_name
left join staged on timed.dispute_id = staged.dispute_id
where timed.done_at is not null or timed.opened_on + timed.days < $as_of
