-- question: How many contacts of each day broke a rule?
-- grain: one row per local day with contacts
-- uses: compliance/breaching_contacts
-- columns: local_date, n_contacts, n_breaching
select local_date, count(*) as n_contacts, count(*) filter (where n_breach > 0) as n_breaching
from breaching_contacts
group by local_date
order by local_date
