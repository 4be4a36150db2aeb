-- question: How did each net flow rate move from month to month?
-- grain: one row per step of a month, currency and pair of neighbouring buckets with a balance in the earlier one
-- uses: portfolio/aging_by_day, portfolio/month_days
-- columns: as_of, previous_day, currency, from_bucket, to_bucket, to_no, balance_from, balance_to, rate
--   as_of: the later snapshot day of the step
--   from_bucket: M0 to M6
--   to_bucket: M1 to M7+
--   to_no: 1 to 7
--   balance_from: balance in from_bucket on previous_day
--   balance_to: balance in to_bucket on as_of; 0 where it is empty
--   rate ratio: balance_to / balance_from; null where balance_from is 0
-- notes: a step is a month as portfolio/month_days has it
select
    month_days.as_of, month_days.previous_day, earlier.currency, earlier.bucket as from_bucket, buckets.bucket as to_bucket,
    buckets.bucket_no as to_no, earlier.balance as balance_from,
    coalesce(later.balance, 0) as balance_to,
    macros.ratio(coalesce(later.balance, 0), earlier.balance) as rate
from month_days
inner join aging_by_day as earlier on month_days.previous_day = earlier.as_of
inner join buckets on earlier.bucket_no + 1 = buckets.bucket_no
left join aging_by_day as later
    on month_days.as_of = later.as_of and earlier.currency = later.currency and buckets.bucket_no = later.bucket_no
order by month_days.as_of, earlier.currency, buckets.bucket_no
