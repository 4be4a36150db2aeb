-- question: How large is each bucket against what is owed today, and against what was owed when its accounts were current?
-- grain: one row per snapshot day, currency and bucket from M1 on
-- uses: portfolio/aging_by_day
-- columns:
--   as_of date: the snapshot day
--   currency text: ISO 4217 code
--   bucket text: M1 to M7+
--   bucket_no integer: 1 to 7
--   balance money: balance in the bucket; 0 where it is empty
--   receivables money: all balance on the book that day
--   lagged_day date: the last snapshot day of the month bucket_no months earlier; null in the first months of the book
--   receivables_lagged money: all balance on the book on lagged_day; null likewise
--   coincidental ratio: balance / receivables; null where that is 0
--   lagged ratio: balance / receivables_lagged; null where that is 0 or not known
-- notes: growth of the book dilutes the coincidental rate. The lag takes a bucket of 30 days for a month, so with other bucket
--   boundaries the lagged rate is only roughly right; the last bucket holds older accounts too
with totals as (
    select
        as_of,
        currency,
        sum(balance) as balance
    from aging_by_day
    group by as_of, currency
),

monthly as (
    select
        cast(date_trunc('month', as_of) as date) as month_start,
        currency,
        max(as_of) as as_of
    from totals
    group by cast(date_trunc('month', as_of) as date), currency
),

cells as (
    select
        totals.as_of,
        totals.currency,
        totals.balance as receivables,
        buckets.bucket,
        buckets.bucket_no,
        cast(date_trunc('month', totals.as_of) as date) - to_months(cast(buckets.bucket_no as integer)) as month_before
    from totals
    inner join buckets on buckets.bucket_no > 0
)

select
    cells.as_of,
    cells.currency,
    cells.bucket,
    cells.bucket_no,
    coalesce(aging_by_day.balance, 0) as balance,
    cells.receivables,
    monthly.as_of as lagged_day,
    earlier.balance as receivables_lagged,
    cast(coalesce(aging_by_day.balance, 0) as double) / nullif(cast(cells.receivables as double), 0) as coincidental,
    cast(coalesce(aging_by_day.balance, 0) as double) / nullif(cast(earlier.balance as double), 0) as lagged
from cells
left join aging_by_day
    on
        cells.as_of = aging_by_day.as_of
        and cells.currency = aging_by_day.currency
        and cells.bucket_no = aging_by_day.bucket_no
left join monthly on cells.month_before = monthly.month_start and cells.currency = monthly.currency
left join totals as earlier on monthly.as_of = earlier.as_of and monthly.currency = earlier.currency
order by cells.as_of, cells.currency, cells.bucket_no
