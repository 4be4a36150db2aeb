-- question: Which promises make up one state among those due in a period?
-- grain: one row per promise; the amounts add up to that state's in promise_states
-- uses: promises/promises_due
-- params:
--   state text = all: the state on as_of; matured for what the kept ratio counts
--     one of: pending, kept, partial, broken, withdrawn, not_judged, matured, all
-- columns: currency, promise_id, account_id, product, branch, made_on, due_on, last_day, state, promised, allocated,
--   last_paid_on
select
    currency, promise_id, account_id, product, branch, made_on, due_on, last_day, state, promised, allocated,
    last_paid_on
from promises_due
where state = $state or $state = 'all' or ($state = 'matured' and is_matured)
order by due_on, promised desc, promise_id
