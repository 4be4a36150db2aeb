-- question: How large is each bucket against what is owed today, and against what was owed when its accounts were current?
-- grain: one row per snapshot day, currency and bucket from M1 on
-- uses: portfolio/aging_by_day
-- columns: as_of, currency, bucket, bucket_no, balance, receivables, lagged_day, receivables_lagged, coincidental, lagged
--   bucket: M1 to M7+
--   bucket_no: 1 to 7
--   balance: balance in the bucket; 0 where it is empty
-- notes: growth of the book dilutes the coincidental rate. The lag is one month a bucket, to the snapshot day
--   nearest to it (portfolio/month_days). It takes a bucket of 30 days for a month, so with other bucket
--   boundaries the lagged rate is only roughly right; the last bucket holds older accounts too
with totals as (
    select as_of, currency, sum(balance) as balance
    from aging_by_day
    group by as_of, currency
),

cells as (
    select
        totals.as_of, totals.currency, totals.balance as receivables, buckets.bucket, buckets.bucket_no,
        macros.month_before(totals.as_of, buckets.bucket_no) as month_before
    from totals
    inner join buckets on buckets.bucket_no > 0
),

-- the snapshot day nearest to the same day so many months earlier, at most 15 days off; of two as near, the earlier
lags as (
    select
        cells.as_of, cells.currency, cells.bucket_no, totals.as_of as lagged_day,
        row_number() over (
            partition by cells.as_of, cells.currency, cells.bucket_no
            order by abs(totals.as_of - cells.month_before), totals.as_of
        ) as nth
    from cells
    inner join totals
        on cells.currency = totals.currency and totals.as_of between cells.month_before - 15 and cells.month_before + 15
)

select
    cells.as_of, cells.currency, cells.bucket, cells.bucket_no,
    coalesce(aging_by_day.balance, 0) as balance,
    cells.receivables, lags.lagged_day, earlier.balance as receivables_lagged,
    macros.ratio(coalesce(aging_by_day.balance, 0), cells.receivables) as coincidental,
    macros.ratio(coalesce(aging_by_day.balance, 0), earlier.balance) as lagged
from cells
left join aging_by_day
    on
        cells.as_of = aging_by_day.as_of
        and cells.currency = aging_by_day.currency
        and cells.bucket_no = aging_by_day.bucket_no
left join lags
    on
        cells.as_of = lags.as_of
        and cells.currency = lags.currency
        and cells.bucket_no = lags.bucket_no
        and lags.nth = 1
left join totals as earlier on lags.lagged_day = earlier.as_of and lags.currency = earlier.currency
order by cells.as_of, cells.currency, cells.bucket_no
