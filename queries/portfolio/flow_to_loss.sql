-- question: How large is each bucket against the one before it a step earlier, from M0 through to what was written off?
-- grain: one row per step, currency and pair of neighbours with a balance in the earlier one, written off last
-- uses: portfolio/net_flow_by_day, portfolio/step_moves
-- columns: as_of, currency, from_bucket, from_no, to_bucket, balance_from, balance_to, rate
--   as_of: the later snapshot day of the step
--   to_bucket: M1 to M7+, then written_off
--   balance_from: balance in from_bucket a step earlier
--   balance_to: balance in to_bucket; for written_off what was written off in the step, from any bucket
--   rate ratio: balance_to / balance_from; null where balance_from is 0; may exceed 1
-- notes: a written-off balance is that of the snapshot before, because a write-off may leave 0 on the book. segment_by
--   changes nothing here
with last_bucket as (
    select max(bucket_no) as bucket_no
    from buckets
),

lost as (
    select as_of, currency, sum(balance_from) as balance
    from step_moves
    where to_bucket = 'written_off'
    group by as_of, currency
),

oldest as (
    select
        step_moves.as_of, step_moves.currency, step_moves.from_bucket, step_moves.from_no,
        sum(step_moves.balance_from) as balance
    from step_moves
    inner join last_bucket on step_moves.from_no = last_bucket.bucket_no
    group by step_moves.as_of, step_moves.currency, step_moves.from_bucket, step_moves.from_no
)

select as_of, currency, from_bucket, to_no - 1 as from_no, to_bucket, balance_from, balance_to, rate
from net_flow_by_day

union all

select
    oldest.as_of, oldest.currency, oldest.from_bucket, oldest.from_no,
    'written_off' as to_bucket,
    oldest.balance as balance_from,
    coalesce(lost.balance, 0) as balance_to,
    macros.ratio(coalesce(lost.balance, 0), oldest.balance) as rate
from oldest
left join lost on oldest.as_of = lost.as_of and oldest.currency = lost.currency
order by as_of, currency, from_no
