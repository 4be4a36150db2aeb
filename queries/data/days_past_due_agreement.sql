-- question: Do the recorded days past due agree with the instalments and payments?
-- grain: one row, where both can be compared; no row where they cannot
-- columns: as_of, n_compared, n_equal, n_other_bucket, largest_gap
--   as_of: last snapshot day
--   n_compared: accounts in a bucket with both values
--   n_equal: of these, with the same days past due
with last_snapshot_day as (
    select max(as_of) as as_of
    from snapshots
    where not is_derived
),

compared as (
    select
        snapshots.as_of, snapshots.days_past_due as recorded, thirty_day_states.days_past_due as recomputed,
        thirty_day_states.days_past_due < buckets.from_days
        or coalesce(thirty_day_states.days_past_due > buckets.to_days, false) as is_other_bucket
    from snapshots
    inner join last_snapshot_day on snapshots.as_of = last_snapshot_day.as_of
    inner join buckets on snapshots.state = buckets.bucket
    inner join thirty_day_states
        on snapshots.account_key = thirty_day_states.account_key and snapshots.as_of = thirty_day_states.as_of
)

select
    as_of,
    count(*) as n_compared,
    count(*) filter (where recorded = recomputed) as n_equal,
    count(*) filter (where is_other_bucket) as n_other_bucket,
    max(abs(recorded - recomputed)) as largest_gap
from compared
group by as_of
