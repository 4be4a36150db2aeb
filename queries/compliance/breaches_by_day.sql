-- question: How many contacts of each day broke a rule?
-- grain: one row per local day with contacts
-- uses: compliance/breaching_contacts
-- columns:
--   local_date date: day in the debtor's zone
--   n_contacts integer: outbound contacts
--   n_breaching integer: of these, in breach of at least one rule
select
    local_date,
    count(*) as n_contacts,
    count(*) filter (where n_breach > 0) as n_breaching
from breaching_contacts
group by local_date
order by local_date
