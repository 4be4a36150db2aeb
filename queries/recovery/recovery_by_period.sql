-- question: What share of the overdue balance was collected in a period, by bucket?
-- grain: one row per currency and bucket that had overdue accounts
-- uses: recovery/overdue_in_period
-- columns: currency, bucket, opening_overdue, newly_overdue, collected, share_collected
--   bucket: M1 to M7+, at the opening, or when first seen overdue in the period
--   collected: payments less reversals in the period while overdue, for each account at most its overdue balance
--   share_collected: collected / (opening_overdue + newly_overdue); null where that is 0
-- notes: this mixes ages and rises when many fresh accounts enter; to judge a strategy read liquidation_curve. Over one step
--   between two snapshot days newly_overdue is new_entry of overdue_bridge
select
    overdue_in_period.currency, overdue_in_period.bucket,
    coalesce(sum(overdue_in_period.overdue_balance) filter (where not overdue_in_period.is_new), 0) as opening_overdue,
    coalesce(sum(overdue_in_period.overdue_balance) filter (where overdue_in_period.is_new), 0) as newly_overdue,
    sum(overdue_in_period.collected) as collected,
    macros.ratio(sum(overdue_in_period.collected), sum(overdue_in_period.overdue_balance)) as share_collected
from overdue_in_period
inner join buckets on overdue_in_period.bucket = buckets.bucket
group by overdue_in_period.currency, overdue_in_period.bucket, buckets.bucket_no
order by overdue_in_period.currency, buckets.bucket_no
