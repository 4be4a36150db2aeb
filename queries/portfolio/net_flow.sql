-- question: How large is each bucket against the bucket before it one step earlier (net flow rate)?
-- grain: one row per currency and pair of neighbouring buckets
-- params:
--   from_date date: the first snapshot day
--   to_date date: the later snapshot day, usually the next month-end
-- columns: currency, from_bucket, to_bucket, balance_from, balance_to, rate
--   from_bucket: M0 to M6
--   to_bucket: M1 to M7+
--   balance_from: balance in from_bucket at from_date; 0 where it is empty
--   balance_to: balance in to_bucket at to_date; 0 where it is empty
--   rate ratio: balance_to / balance_from; null where balance_from is 0; may exceed 1
-- notes: a net rate of two stocks, not the share of a cohort; M7+ keeps what was there before, so M6 to M7+ can be far
--   above 1; no rows where the book has no snapshot on one of the two days
with stock as (
    select snapshots.as_of, accounts.currency, buckets.bucket_no, sum(snapshots.balance) as balance
    from snapshots
    inner join accounts on snapshots.account_key = accounts.account_key
    inner join buckets on snapshots.state = buckets.bucket
    where snapshots.as_of in ($from_date, $to_date)
    group by snapshots.as_of, accounts.currency, buckets.bucket_no
),

pairs as (
    select
        currencies.currency, earlier.bucket as from_bucket, earlier.bucket_no as from_no, later.bucket as to_bucket,
        later.bucket_no as to_no
    from (select distinct currency from stock) as currencies
    cross join buckets as earlier
    inner join buckets as later on earlier.bucket_no + 1 = later.bucket_no
    where $from_date in (select stock.as_of from stock) and $to_date in (select stock.as_of from stock)
),

flows as (
    select
        pairs.currency, pairs.from_no, pairs.from_bucket, pairs.to_bucket,
        coalesce(stock_from.balance, 0) as balance_from,
        coalesce(stock_to.balance, 0) as balance_to
    from pairs
    left join stock as stock_from
        on
            pairs.currency = stock_from.currency
            and pairs.from_no = stock_from.bucket_no
            and stock_from.as_of = $from_date
    left join stock as stock_to
        on pairs.currency = stock_to.currency and pairs.to_no = stock_to.bucket_no and stock_to.as_of = $to_date
)

select currency, from_bucket, to_bucket, balance_from, balance_to, macros.ratio(balance_to, balance_from) as rate
from flows
order by currency, from_no
