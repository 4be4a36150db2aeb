-- question: How does the book spread over aging buckets on one day?
-- grain: one row per currency and bucket that has accounts
-- uses: portfolio/accounts_on_day
-- columns: currency, bucket, n_accounts, balance, share_accounts, share_balance
--   n_accounts: accounts in the bucket
-- notes: accounts paid off or written off are not in a bucket
with by_bucket as (
    select currency, bucket, bucket_no, count(*) as n_accounts, sum(balance) as balance
    from accounts_on_day
    group by currency, bucket, bucket_no
),

by_currency as (
    select currency, sum(n_accounts) as n_accounts, sum(balance) as balance
    from by_bucket
    group by currency
)

select
    by_bucket.currency, by_bucket.bucket, by_bucket.n_accounts, by_bucket.balance,
    macros.ratio(by_bucket.n_accounts, by_currency.n_accounts) as share_accounts,
    macros.ratio(by_bucket.balance, by_currency.balance) as share_balance
from by_bucket
inner join by_currency on by_bucket.currency = by_currency.currency
order by by_bucket.currency, by_bucket.bucket_no
