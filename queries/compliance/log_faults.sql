-- question: Which contacts of the log have a fault?
-- grain: one row per outbound contact of the period with the fault
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
--   gap text: missing_outcome, missing_party, missing_zone, late_entry, duplicate or midnight_stamp
-- columns:
--   contact_id text: the contact
--   account_id text: the account
--   started_at instant: when (UTC)
--   recorded_at instant: when it was entered in the log (UTC)
--   channel text: as in contacts
--   outcome text: as in contacts
--   collector_id text: who made it
--   team text: team of the collector
--   agency_id text: agency that made it; empty for own staff
with logged as (
    select
        *,
        row_number() over (partition by account_key, channel, started_at order by contact_id) > 1 as is_repeat
    from contacts
    where direction = 'out' and coalesce(local_date, cast(started_at as date)) between $from_date and $to_date
)

select
    logged.contact_id,
    accounts.account_id,
    logged.started_at,
    logged.recorded_at,
    logged.channel,
    logged.outcome,
    logged.collector_id,
    logged.team,
    logged.firm as agency_id
from logged
inner join accounts on logged.account_key = accounts.account_key
where
    ($gap = 'missing_outcome' and logged.outcome = 'unknown')
    or ($gap = 'missing_party' and logged.role is null)
    or ($gap = 'missing_zone' and logged.local_date is null)
    or ($gap = 'late_entry' and logged.recorded_at > logged.started_at + interval 1 day)
    or ($gap = 'duplicate' and logged.is_repeat)
    or ($gap = 'midnight_stamp' and logged.local_time = time '00:00:00')
order by logged.started_at, logged.contact_id
