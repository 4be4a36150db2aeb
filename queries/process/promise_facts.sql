-- question: What was owed when each promise was made, and what did the lender do until it fell due?
-- grain: one row per promise
-- uses: promises/promise_ledger
-- params:
--   as_of date: nothing after this day is used
--   grace_days integer = 1: days after the due date on which a payment still counts
--     range: 0 to 60
--   tolerance ratio = 1.0: share of the promised amount that is enough
--     range: 0.01 to 1
--   early_days integer = 30: last day past due of the early stage (M1)
--     range: 1 to 3660
--   middle_days integer = 90: last day past due of the middle stage (M2-M3)
--     range: early_days to 3660
--   reminder_days integer = 3: days before the due date in which the reminder belongs
--     range: 0 to 366
-- columns: promise_id, currency, account_id, product, branch, team, stage, made_on, due_on, withdrawn_on, state,
--   last_paid_on, promised, balance, is_reminded, disturbed_by, disturbed_on, log_from, has_purpose
--   team: team of the collector it was made to; empty where the log names none
--   state: as in promise_ledger
--   last_paid_on: day of the last payment counted to it
--   balance: of the last snapshot before the day it was made; empty where there is none
-- notes: the money of a promise that was kept early, and a withdrawal, end its quiet
with promised as (
    select
        promise_ledger.promise_id, promise_ledger.currency, promise_ledger.account_id, promise_ledger.product,
        promise_ledger.branch, promise_ledger.made_on, promise_ledger.due_on,
        promise_ledger.due_on - cast($reminder_days as integer) as reminder_from,
        promise_ledger.state, promise_ledger.promised, promise_ledger.last_paid_on, promises.made_at,
        case when promises.withdrawn_on <= $as_of then promises.withdrawn_on end as withdrawn_on,
        promises.account_key, contacts.team
    from promise_ledger
    inner join promises on promise_ledger.promise_id = promises.promise_id
    left join contacts on promise_ledger.contact_id = contacts.contact_id
),

seen as (
    select
        promised.promise_id,
        max(snapshots.as_of) as as_of
    from promised
    inner join snapshots on promised.account_key = snapshots.account_key and promised.made_on > snapshots.as_of
    group by promised.promise_id
),

owed as (
    select seen.promise_id, seen.as_of, snapshots.balance
    from seen
    inner join promised on seen.promise_id = promised.promise_id
    inner join snapshots on promised.account_key = snapshots.account_key and seen.as_of = snapshots.as_of
),

dated as (
    select account_key, contact_id, started_at, channel, purpose, macros.local_day(local_date, started_at) as local_date
    from contacts
    where
        direction = 'out'
        and coalesce(role, 'unknown') in ('debtor', 'unknown')
        and macros.local_day(local_date, started_at) <= $as_of
),

reminded as (
    select distinct promised.promise_id
    from promised
    inner join dated
        on
            promised.account_key = dated.account_key
            and dated.local_date between promised.reminder_from and promised.due_on - 1
    where dated.purpose = 'promise_reminder' and dated.local_date > promised.made_on
),

disturbed as (
    select
        promised.promise_id,
        first(dated.contact_id order by dated.started_at, dated.contact_id) as contact_id,
        min(dated.local_date) as local_date
    from promised
    inner join dated
        on
            promised.account_key = dated.account_key
            and promised.made_at < dated.started_at
            and promised.made_on < dated.local_date
            and promised.due_on > dated.local_date
            and coalesce(promised.withdrawn_on, dated.local_date) >= dated.local_date
            and (promised.state <> 'kept' or promised.last_paid_on >= dated.local_date)
    where dated.channel = 'call' and coalesce(dated.purpose, 'demand') = 'demand'
    group by promised.promise_id
),

log as (
    select
        min(local_date) as log_from,
        (
            select coalesce(bool_or(column_presence.is_provided), true)
            from column_presence
            where column_presence.table_name = 'contacts' and column_presence.column_name = 'purpose'
        ) as has_purpose
    from contacts
),

aged as (
    select
        promised.promise_id,
        max(promised.made_on - overdue_runs.counted_from) as days_past_due,
        bool_or(overdue_runs.is_written_off) as is_written_off
    from promised
    inner join overdue_runs
        on
            promised.account_key = overdue_runs.account_key
            and promised.made_on between overdue_runs.from_on and coalesce(overdue_runs.to_on, promised.made_on)
    group by promised.promise_id
)

select
    promised.promise_id, promised.currency, promised.account_id, promised.product, promised.branch, promised.team,
    macros.stage_on(aged.days_past_due, aged.is_written_off, $early_days, $middle_days) as stage,
    promised.made_on, promised.due_on, promised.withdrawn_on, promised.state, promised.last_paid_on, promised.promised,
    owed.balance,
    reminded.promise_id is not null as is_reminded,
    disturbed.contact_id as disturbed_by, disturbed.local_date as disturbed_on, log.log_from, log.has_purpose
from promised
cross join log
left join owed on promised.promise_id = owed.promise_id
left join reminded on promised.promise_id = reminded.promise_id
left join disturbed on promised.promise_id = disturbed.promise_id
left join aged on promised.promise_id = aged.promise_id
