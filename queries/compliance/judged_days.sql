-- question: From when to when can contacts be judged?
-- grain: one row
-- columns:
--   first_day date: earliest local day of a contact
--   last_day date: latest local day of a contact
--   n_contacts integer: contacts in the log
--   n_undated integer: of these, without a local day, because the debtor's time zone is not known
select
    min(local_date) as first_day,
    max(local_date) as last_day,
    count(*) as n_contacts,
    count(*) - count(local_date) as n_undated
from contacts
