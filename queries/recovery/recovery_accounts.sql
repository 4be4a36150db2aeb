-- question: Which accounts make up one bucket of the period's recovery?
-- grain: one row per account; the amounts add up to that bucket's in recovery_by_period
-- uses: recovery/overdue_in_period
-- params:
--   bucket text: the bucket at the opening
--     one of: overdue_buckets, all
-- columns: currency, account_id, product, branch, bucket, is_new, seen_on, overdue_balance, paid, collected
--   bucket: M1 to M7+
--   overdue_balance: outstanding balance on that day
--   paid: payments less reversals in the period while it was overdue
--   collected: paid, but at most overdue_balance
select currency, account_id, product, branch, bucket, is_new, seen_on, overdue_balance, paid, collected
from overdue_in_period
where bucket = $bucket or $bucket = 'all'
order by overdue_balance desc, account_id
