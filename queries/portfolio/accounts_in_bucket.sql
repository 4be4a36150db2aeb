-- question: Which accounts make up one bucket on one day?
-- grain: one row per account; the balances add up to the bucket's in aging_buckets
-- uses: portfolio/accounts_on_day
-- params:
--   bucket text: M0 to M7+, or overdue for all from M1 on, or all
-- columns:
--   currency text: ISO 4217 code
--   account_id text: the lender's number
--   product text: product name
--   branch text: branch that booked the account
--   bucket text: M0 to M7+
--   days_past_due integer: days since the oldest unpaid due date
--   balance money: outstanding balance
--   status text: as in the source; empty means active
--   risk_grade text: the lender's own grade
select
    currency,
    account_id,
    product,
    branch,
    bucket,
    days_past_due,
    balance,
    status,
    risk_grade
from accounts_on_day
where bucket = $bucket or $bucket = 'all' or ($bucket = 'overdue' and bucket_no > 0)
order by balance desc, account_id
