-- question: Which promises fell due in a period, and how did each of them stand on one day?
-- grain: one row per promise due in the period and made on or before as_of
-- uses: promises/promise_ledger
-- params:
--   from_date date: first due date
--   to_date date: last due date, included
-- columns: currency, promise_id, account_id, product, branch, contact_id, made_on, due_on, last_day, state, is_matured,
--   promised, allocated, last_paid_on
--   contact_id: the contact it was made in; empty where the log does not say
select
    currency, promise_id, account_id, product, branch, contact_id, made_on, due_on, last_day, state,
    state in ('kept', 'partial', 'broken') as is_matured,
    promised, allocated, last_paid_on
from promise_ledger
where due_on between $from_date and $to_date
