-- question: Which accounts are on the book on one day, and how late is each?
-- grain: one row per account in a bucket on that day
-- params:
--   as_of date: the snapshot day
-- columns: currency, account_id, product, branch, bucket, bucket_no, days_past_due, balance, status, risk_grade
-- notes: accounts paid off or written off are not in a bucket
select
    accounts.currency, accounts.account_id, accounts.product, accounts.branch, buckets.bucket, buckets.bucket_no,
    snapshots.days_past_due, snapshots.balance, snapshots.status, snapshots.risk_grade
from snapshots
inner join accounts on snapshots.account_key = accounts.account_key
inner join buckets on snapshots.state = buckets.bucket
where snapshots.as_of = $as_of
