-- question: Where did each account of one snapshot day stand on a later one?
-- grain: one row per account that was in a bucket on from_date
-- params:
--   from_date date: the first snapshot day
--   to_date date: the later snapshot day
-- columns: currency, account_id, product, branch, from_bucket, from_no, to_bucket, to_no, balance_from, balance_to,
--   days_past_due
--   to_bucket: M0 to M7+, paid_off, written_off, or exit where there is no snapshot at to_date
--   days_past_due: at to_date; null where there is no snapshot
-- notes: no rows where the book has no snapshot at all on to_date, rather than a book full of exits
with later as (
    select snapshots.account_key, snapshots.state, snapshots.balance, snapshots.days_past_due, buckets.bucket_no
    from snapshots
    left join buckets on snapshots.state = buckets.bucket
    where snapshots.as_of = $to_date
)

select
    accounts.currency, accounts.account_id, accounts.product, accounts.branch, buckets.bucket as from_bucket,
    buckets.bucket_no as from_no,
    coalesce(later.state, 'exit') as to_bucket,
    later.bucket_no as to_no, snapshots.balance as balance_from, later.balance as balance_to, later.days_past_due
from snapshots
inner join accounts on snapshots.account_key = accounts.account_key
inner join buckets on snapshots.state = buckets.bucket
left join later on snapshots.account_key = later.account_key
where snapshots.as_of = $from_date and exists (select 1 from later)
