-- question: Which contacts of the log have a fault?
-- grain: one row per outbound contact of the period with the fault
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
--   gap text: what the log lacks
--     one of: missing_outcome, missing_party, missing_zone, late_entry, duplicate, midnight_stamp
-- columns: contact_id, account_id, started_at, recorded_at, channel, outcome, collector_id, team, agency_id
with logged as (
    select *, row_number() over (partition by account_key, channel, started_at order by contact_id) > 1 as is_repeat
    from contacts
    where direction = 'out' and macros.local_day(local_date, started_at) between $from_date and $to_date
)

select
    logged.contact_id, accounts.account_id, logged.started_at, logged.recorded_at, logged.channel, logged.outcome,
    logged.collector_id, logged.team, logged.firm as agency_id
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
