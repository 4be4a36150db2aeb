-- question: How large is each bucket against what is owed today, and against what was owed when its accounts were current?
-- grain: one row per snapshot day, currency and bucket from M1 on
-- uses: portfolio/aging_by_day
-- columns: as_of, currency, bucket, bucket_no, balance, receivables, lagged_day, receivables_lagged, coincidental, lagged
--   bucket: M1 to M7+
--   bucket_no: 1 to 7
--   balance: balance in the bucket; 0 where it is empty
-- notes: growth of the book dilutes the coincidental rate. The lag takes a bucket of 30 days for a month, so with other bucket
--   boundaries the lagged rate is only roughly right; the last bucket holds older accounts too
with totals as (
    select as_of, currency, sum(balance) as balance
    from aging_by_day
    group by as_of, currency
),

monthly as (
    select cast(date_trunc('month', as_of) as date) as month_start, currency, max(as_of) as as_of
    from totals
    group by cast(date_trunc('month', as_of) as date), currency
),

cells as (
    select
        totals.as_of, totals.currency, totals.balance as receivables, buckets.bucket, buckets.bucket_no,
        cast(date_trunc('month', totals.as_of) as date) - to_months(cast(buckets.bucket_no as integer)) as month_before
    from totals
    inner join buckets on buckets.bucket_no > 0
)

select
    cells.as_of, cells.currency, cells.bucket, cells.bucket_no,
    coalesce(aging_by_day.balance, 0) as balance,
    cells.receivables, monthly.as_of as lagged_day, earlier.balance as receivables_lagged,
    macros.ratio(coalesce(aging_by_day.balance, 0), cells.receivables) as coincidental,
    macros.ratio(coalesce(aging_by_day.balance, 0), earlier.balance) as lagged
from cells
left join aging_by_day
    on
        cells.as_of = aging_by_day.as_of
        and cells.currency = aging_by_day.currency
        and cells.bucket_no = aging_by_day.bucket_no
left join monthly on cells.month_before = monthly.month_start and cells.currency = monthly.currency
left join totals as earlier on monthly.as_of = earlier.as_of and monthly.currency = earlier.currency
order by cells.as_of, cells.currency, cells.bucket_no
