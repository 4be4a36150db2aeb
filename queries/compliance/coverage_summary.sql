-- question: How many contacts of a period were judged by law, and which were not, and why?
-- grain: one row per jurisdiction (all: each contact once), coverage, missing column and currency
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
-- columns: jurisdiction, coverage, missing, currency, n_contacts
--   missing: what the contacts lack to be placed
--   n_contacts: outbound contacts
-- notes: of several jurisdictions the best answer counts for all: judged, then cannot_place, no_pack, not_bound, not_in_force
select
    jurisdiction, coverage, missing, currency,
    cast(sum(n_contacts) as bigint) as n_contacts
from coverage_counts
where counted_on between $from_date and $to_date
group by jurisdiction, coverage, missing, currency
order by jurisdiction, n_contacts desc, coverage, missing, currency
