-- question: Which accounts are on the book on one day, and how late is each?
-- grain: one row per account in a bucket on that day
-- params:
--   as_of date: the snapshot day
-- columns:
--   currency text: ISO 4217 code
--   account_id text: the lender's number
--   product text: product name
--   branch text: branch that booked the account
--   bucket text: M0 to M7+
--   bucket_no integer: 0 to 7
--   days_past_due integer: days since the oldest unpaid due date
--   balance money: outstanding balance
--   status text: as in the source; empty means active
--   risk_grade text: the lender's own grade
-- notes: accounts paid off or written off are not in a bucket
select
    accounts.currency,
    accounts.account_id,
    accounts.product,
    accounts.branch,
    buckets.bucket,
    buckets.bucket_no,
    snapshots.days_past_due,
    snapshots.balance,
    snapshots.status,
    snapshots.risk_grade
from snapshots
inner join accounts on snapshots.account_key = accounts.account_key
inner join buckets on snapshots.state = buckets.bucket
where snapshots.as_of = $as_of
