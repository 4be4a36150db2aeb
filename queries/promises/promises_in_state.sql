-- question: Which promises make up one state among those due in a period?
-- grain: one row per promise; the amounts add up to that state's in promise_states
-- uses: promises/promises_due
-- params:
--   state text = all: pending, kept, partial, broken, withdrawn, matured (what the kept ratio counts) or all
-- columns:
--   currency text: ISO 4217 code
--   promise_id text: the log's number for the promise
--   account_id text: the lender's number
--   product text: product name
--   branch text: branch that booked the account
--   made_on date: local date on which it was made
--   due_on date: day by which it was to be paid
--   last_day date: last day on which a payment counts
--   state text: pending, kept, partial, broken or withdrawn
--   promised money: amount promised
--   allocated money: what payments have gone to it
--   last_paid_on date: day of the last payment that went to it; empty where none did
select
    currency,
    promise_id,
    account_id,
    product,
    branch,
    made_on,
    due_on,
    last_day,
    state,
    promised,
    allocated,
    last_paid_on
from promises_due
where state = $state or $state = 'all' or ($state = 'matured' and is_matured)
order by due_on, promised desc, promise_id
