-- question: Which accounts make up one point of a liquidation curve?
-- grain: one row per entry; balances and amounts add up to that point in liquidation_curve
-- uses: recovery/cohort_accounts
-- params:
--   days_since_entry integer: days after each account's own entry
--     range: 0 to 100000
-- columns: currency, account_id, product, branch, entered_on, entered_balance, collected
--   collected: payments less reversals since entry, at most the balance at entry
select currency, account_id, product, branch, entered_on, entered_balance, collected
from cohort_accounts
order by entered_balance desc, account_id, entered_on
