-- question: Which accounts of one bucket got worse or cured by a later snapshot day?
-- grain: one row per account that stood in the bucket on from_date
-- uses: portfolio/account_moves
-- params:
--   from_bucket text: the bucket on the earlier day
--     one of: buckets
--   move text = worse: worse: in a later bucket or written off; cured: in M0 or paid off, from M0 paid off
--     one of: worse, cured
-- columns: account_id, unit_id, unit_on, currency, product, branch, bucket, channel, team, collector_id, stage, n_units,
--   numerator, denominator
--   account_id: the account; empty where a row counts things of several accounts
--   bucket: bucket of the account, where the metric has its own; empty: that of unit_on
--   numerator: 1 where it made the move
--   denominator: 1
select
    account_id, account_id as unit_id,
    cast($from_date as date) as unit_on,
    currency, product, branch, from_bucket as bucket,
    cast(null as varchar) as channel, cast(null as varchar) as team, cast(null as varchar) as collector_id,
    cast(null as varchar) as stage, cast(1 as bigint) as n_units,
    cast(case
        when $move = 'cured' and (to_bucket = 'paid_off' or (from_no > 0 and to_bucket = 'M0')) then 1
        when $move = 'worse' and coalesce(to_no > from_no, to_bucket = 'written_off') then 1
        else 0
    end as decimal(18, 2)) as numerator,
    cast(1 as decimal(18, 2)) as denominator
from account_moves
where from_bucket = $from_bucket
