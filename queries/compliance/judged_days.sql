-- question: From when to when can contacts be judged?
-- grain: one row
-- columns: first_day, last_day, n_contacts, n_undated
--   last_day: latest local day of a contact
--   n_contacts: contacts in the log
select
    min(local_date) as first_day,
    max(local_date) as last_day,
    count(*) as n_contacts,
    count(*) - count(local_date) as n_undated
from contacts
