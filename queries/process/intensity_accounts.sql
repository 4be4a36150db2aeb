-- question: On how many days was each account overdue in each stage of a period, and how often was it contacted on them?
-- grain: one row per account and stage that it was overdue in
-- uses: process/contact_stages
-- params:
--   from_date date: first day
--   to_date date: last day, included
--   early_days integer = 30: last day past due of the early stage (M1)
--     range: 1 to 3660
--   middle_days integer = 90: last day past due of the middle stage (M2-M3)
--     range: early_days to 3660
-- columns: currency, account_id, account_key, product, branch, stage, account_days, n_attempts, n_calls
--   account_days: days on which it was overdue in that stage
--   n_attempts: contacts and attempts to the debtor on these days
-- notes: days after a write-off are a stage of their own, written_off. Replies and statutory notices are not counted. as_of must
--   be to_date or later
with bounds as (
    select 'M1' as stage, 1 as from_days, cast($early_days as integer) as to_days
    union all
    select 'M2-M3' as stage, cast($early_days as integer) + 1 as from_days, cast($middle_days as integer) as to_days
    union all
    select 'later' as stage, cast($middle_days as integer) + 1 as from_days, 100000 as to_days
),

spans as (
    select
        overdue_runs.account_key,
        case when overdue_runs.is_written_off then 'written_off' else bounds.stage end as stage,
        greatest(overdue_runs.from_on, $from_date, overdue_runs.counted_from + bounds.from_days) as start_on,
        case
            when
                overdue_runs.counted_from + bounds.to_days
                < case
                    when coalesce(overdue_runs.to_on, $to_date) < $to_date then overdue_runs.to_on else $to_date
                end
                then overdue_runs.counted_from + bounds.to_days
            when coalesce(overdue_runs.to_on, $to_date) < $to_date then overdue_runs.to_on
            else $to_date
        end as end_on
    from overdue_runs
    cross join bounds
    where overdue_runs.from_on <= $to_date and coalesce(overdue_runs.to_on, $to_date) >= $from_date
),

days as (
    select account_key, stage, sum(end_on - start_on + 1) as d
    from spans
    where end_on >= start_on
    group by account_key, stage
),

attempts as (
    select account_key, stage, count(*) as a, count(*) filter (where channel = 'call') as calls
    from contact_stages
    where
        direction = 'out'
        and is_to_debtor
        and days_past_due is not null
        and purpose not in ('reply', 'statutory_notice')
        and local_date between $from_date and $to_date
    group by account_key, stage
)

select
    accounts.currency, accounts.account_id, days.account_key, accounts.product, accounts.branch, days.stage,
    cast(days.d as bigint) as account_days,
    cast(coalesce(attempts.a, 0) as bigint) as n_attempts,
    cast(coalesce(attempts.calls, 0) as bigint) as n_calls
from days
inner join accounts on days.account_key = accounts.account_key
left join attempts on days.account_key = attempts.account_key and days.stage = attempts.stage
