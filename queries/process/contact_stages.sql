-- question: In which spell and stage was the account at each contact?
-- grain: one row per contact, in either direction and with anybody
-- params:
--   as_of date: nothing after this day is used
--   early_days integer = 30: last day past due of the early stage (M1)
--     range: 1 to 3660
--   middle_days integer = 90: last day past due of the middle stage (M2-M3)
--     range: early_days to 3660
-- columns: currency, account_key, account_id, product, branch, contact_id, local_date, channel, direction, outcome, purpose,
--   response, template_id, collector_id, caller_type, team, is_to_debtor, days_past_due, stage, ended_on, basis
--   local_date: the debtor's local day; the UTC day where it is unknown
--   purpose: as in the source; demand where empty
--   days_past_due: of the account on that day; empty where it was not overdue
--   basis: of that spell: daily, or snapshots where the day it ended is not known
with logged as (
    select contact_key, account_key, macros.local_day(local_date, started_at) as local_date
    from contacts
),

last_begun as (
    select
        logged.contact_key,
        max(spells.started_on) as started_on,
        max(coalesce(spells.ended_on, date '9999-12-31')) as ended_on,
        max(spells.basis) as basis
    from logged
    inner join spells on logged.account_key = spells.account_key and logged.local_date >= spells.started_on
    group by logged.contact_key
),

aged as (
    select
        logged.contact_key,
        max(logged.local_date - overdue_runs.counted_from) as days_past_due,
        bool_or(overdue_runs.is_written_off) as is_written_off
    from logged
    inner join overdue_runs
        on
            logged.account_key = overdue_runs.account_key
            and logged.local_date between overdue_runs.from_on and coalesce(overdue_runs.to_on, logged.local_date)
    group by logged.contact_key
),

placed as (
    select
        contacts.*, logged.local_date as day, last_begun.basis, aged.days_past_due,
        aged.is_written_off,
        case when last_begun.ended_on < logged.local_date then last_begun.ended_on end as ended_before
    from contacts
    inner join logged on contacts.contact_key = logged.contact_key
    left join last_begun on contacts.contact_key = last_begun.contact_key
    left join aged on contacts.contact_key = aged.contact_key
)

select
    accounts.currency, accounts.account_key, accounts.account_id, accounts.product, accounts.branch, placed.contact_id,
    placed.day as local_date, placed.channel, placed.direction, placed.outcome,
    coalesce(placed.purpose, 'demand') as purpose,
    placed.response, placed.template_id, placed.collector_id, placed.caller_type, placed.team,
    coalesce(placed.role, 'unknown') in ('debtor', 'unknown') as is_to_debtor,
    placed.days_past_due,
    macros.stage_on(placed.days_past_due, placed.is_written_off, $early_days, $middle_days) as stage,
    placed.ended_before as ended_on, placed.basis
from placed
inner join accounts on placed.account_key = accounts.account_key
where placed.day <= $as_of
