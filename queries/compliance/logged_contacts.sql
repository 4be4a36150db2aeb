-- question: Which outbound contacts are in the log of a period, and is each logged in full?
-- grain: one row per outbound contact; rows add up to log_completeness
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
-- columns:
--   contact_id text: the contact
--   account_id text: the account
--   logged_on date: local day; the UTC day where the zone is not known
--   channel text: as in contacts
--   outcome text: as in contacts
--   role text: who was reached, in relation to the debtor; empty where it was not logged
--   collector_id text: who made it
--   team text: team of the collector
--   no_outcome boolean: the outcome is not known
--   no_party boolean: nobody logged who was reached
--   no_zone boolean: without a local day
--   at_midnight boolean: stamped 00:00:00 exactly
--   is_complete boolean: none of these
with logged as (
    select
        contact_id,
        account_key,
        coalesce(local_date, cast(started_at as date)) as logged_on,
        channel,
        outcome,
        role,
        collector_id,
        team,
        outcome = 'unknown' as no_outcome,
        role is null as no_party,
        local_date is null as no_zone,
        coalesce(local_time = time '00:00:00', false) as at_midnight
    from contacts
    where direction = 'out'
)

select
    logged.contact_id,
    accounts.account_id,
    logged.logged_on,
    logged.channel,
    logged.outcome,
    logged.role,
    logged.collector_id,
    logged.team,
    logged.no_outcome,
    logged.no_party,
    logged.no_zone,
    logged.at_midnight,
    true not in (logged.no_outcome, logged.no_party, logged.no_zone, logged.at_midnight) as is_complete
from logged
left join accounts on logged.account_key = accounts.account_key
where logged.logged_on between $from_date and $to_date
order by is_complete, logged.logged_on, logged.contact_id
