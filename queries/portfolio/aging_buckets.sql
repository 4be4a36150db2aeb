-- question: How does the book spread over aging buckets on one day?
-- grain: one row per currency and bucket that has accounts
-- uses: portfolio/accounts_on_day
-- columns:
--   currency text: ISO 4217 code
--   bucket text: M0 to M7+
--   n_accounts integer: accounts in the bucket
--   balance money: their outstanding balance
--   share_accounts ratio: of all accounts of the currency, 0-1
--   share_balance ratio: of all balance of the currency, 0-1; null where that is 0
-- notes: accounts paid off or written off are not in a bucket
with by_bucket as (
    select
        currency,
        bucket,
        bucket_no,
        count(*) as n_accounts,
        sum(balance) as balance
    from accounts_on_day
    group by currency, bucket, bucket_no
),

by_currency as (
    select
        currency,
        sum(n_accounts) as n_accounts,
        sum(balance) as balance
    from by_bucket
    group by currency
)

select
    by_bucket.currency,
    by_bucket.bucket,
    by_bucket.n_accounts,
    by_bucket.balance,
    cast(by_bucket.n_accounts as double) / nullif(cast(by_currency.n_accounts as double), 0) as share_accounts,
    cast(by_bucket.balance as double) / nullif(cast(by_currency.balance as double), 0) as share_balance
from by_bucket
inner join by_currency on by_bucket.currency = by_currency.currency
order by by_bucket.currency, by_bucket.bucket_no
