-- question: Which outbound contacts are in the log of a period, and is each logged in full?
-- grain: one row per outbound contact; rows add up to log_completeness
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
-- columns: contact_id, account_id, logged_on, channel, outcome, role, collector_id, team, no_outcome, no_party, no_zone,
--   at_midnight, is_complete
--   role: who was reached, in relation to the debtor; empty where it was not logged
--   is_complete: none of these
with logged as (
    select
        contact_id, account_key,
        macros.local_day(local_date, started_at) as logged_on,
        channel, outcome, role, collector_id, team,
        outcome = 'unknown' as no_outcome,
        role is null as no_party,
        local_date is null as no_zone,
        coalesce(local_time = time '00:00:00', false) as at_midnight
    from contacts
    where direction = 'out'
)

select
    logged.contact_id, accounts.account_id, logged.logged_on, logged.channel, logged.outcome, logged.role,
    logged.collector_id, logged.team, logged.no_outcome, logged.no_party, logged.no_zone, logged.at_midnight,
    true not in (logged.no_outcome, logged.no_party, logged.no_zone, logged.at_midnight) as is_complete
from logged
left join accounts on logged.account_key = accounts.account_key
where logged.logged_on between $from_date and $to_date
order by is_complete, logged.logged_on, logged.contact_id
