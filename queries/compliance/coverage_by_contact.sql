-- question: Which law was asked about each contact of a period, and which could not be?
-- grain: one row per contact and jurisdiction that may concern it
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
-- columns: contact_id, account_id, jurisdiction, coverage, missing
--   missing: what the contact lacks to be placed
select
    contacts.contact_id, accounts.account_id, contact_coverage.jurisdiction, contact_coverage.coverage,
    contact_coverage.missing
from contact_coverage
inner join contacts on contact_coverage.contact_key = contacts.contact_key
inner join accounts on contact_coverage.account_key = accounts.account_key
where macros.local_day(contacts.local_date, contacts.started_at) between $from_date and $to_date
order by contacts.contact_id, contact_coverage.jurisdiction
