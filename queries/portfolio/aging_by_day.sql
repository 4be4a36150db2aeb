-- question: How did the spread over aging buckets move from snapshot day to snapshot day?
-- grain: one row per snapshot day, currency and bucket that has accounts
-- params:
--   from_date date: first snapshot day
--   to_date date: last snapshot day, included
-- columns: as_of, currency, bucket, bucket_no, n_accounts, balance, share_balance
--   n_accounts: accounts in the bucket
--   share_balance: of all balance of that day and currency, 0-1; null where that is 0
with by_bucket as (
    select
        snapshots.as_of, accounts.currency, buckets.bucket, buckets.bucket_no,
        count(*) as n_accounts,
        sum(snapshots.balance) as balance
    from snapshots
    inner join accounts on snapshots.account_key = accounts.account_key
    inner join buckets on snapshots.state = buckets.bucket
    where snapshots.as_of between $from_date and $to_date
    group by snapshots.as_of, accounts.currency, buckets.bucket, buckets.bucket_no
),

by_day as (
    select as_of, currency, sum(balance) as balance
    from by_bucket
    group by as_of, currency
)

select
    by_bucket.as_of, by_bucket.currency, by_bucket.bucket, by_bucket.bucket_no, by_bucket.n_accounts, by_bucket.balance,
    macros.ratio(by_bucket.balance, by_day.balance) as share_balance
from by_bucket
inner join by_day on by_bucket.as_of = by_day.as_of and by_bucket.currency = by_day.currency
order by by_bucket.as_of, by_bucket.currency, by_bucket.bucket_no
