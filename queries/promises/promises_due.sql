-- question: Which promises fell due in a period, and how did each of them stand on one day?
-- grain: one row per promise due in the period and made on or before as_of
-- uses: promises/promise_ledger
-- params:
--   from_date date: first due date
--   to_date date: last due date, included
-- columns:
--   currency text: ISO 4217 code
--   promise_id text: the log's number for the promise
--   account_id text: the lender's number
--   product text: product name
--   branch text: branch that booked the account
--   contact_id text: the contact it was made in; empty where the log does not say
--   made_on date: local date on which it was made
--   due_on date: day by which it was to be paid
--   last_day date: last day on which a payment counts
--   state text: pending, kept, partial, broken or withdrawn
--   is_matured boolean: whether it counts in the kept ratio: kept, partial or broken
--   promised money: amount promised
--   allocated money: what payments have gone to it
--   last_paid_on date: day of the last payment that went to it; empty where none did
select
    currency,
    promise_id,
    account_id,
    product,
    branch,
    contact_id,
    made_on,
    due_on,
    last_day,
    state,
    state in ('kept', 'partial', 'broken') as is_matured,
    promised,
    allocated,
    last_paid_on
from promise_ledger
where due_on between $from_date and $to_date
