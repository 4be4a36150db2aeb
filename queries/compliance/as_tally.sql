-- question: How many contacts of a period got which verdict?
-- grain: one row per verdict
-- for: rules
-- uses: compliance/count_cap as verdicts
-- params:
--   from_date date: first local day of contacts to count
--   to_date date: last local day, included
-- columns: verdict, n_contacts
--   n_contacts: contacts judged, once for each debt they count to
-- notes: the same contacts as in compliance/as_findings: one without a local day is placed by its UTC day
select
    verdicts.verdict,
    count(*) as n_contacts
from verdicts
inner join contacts on verdicts.contact_key = contacts.contact_key
where macros.local_day(contacts.local_date, contacts.started_at) between $from_date and $to_date
group by verdicts.verdict
