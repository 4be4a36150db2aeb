-- question: Which accounts make up one bucket on one day?
-- grain: one row per account; the balances add up to the bucket's in aging_buckets
-- uses: portfolio/accounts_on_day
-- params:
--   bucket text: the bucket on that day; overdue for all from M1 on
--     one of: buckets, overdue, all
-- columns: currency, account_id, product, branch, bucket, days_past_due, balance, status, risk_grade
select currency, account_id, product, branch, bucket, days_past_due, balance, status, risk_grade
from accounts_on_day
where bucket = $bucket or $bucket = 'all' or ($bucket = 'overdue' and bucket_no > 0)
order by balance desc, account_id
