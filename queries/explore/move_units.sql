-- question: Which accounts of one bucket got worse or cured by a later snapshot day?
-- grain: one row per account that stood in the bucket on from_date
-- uses: portfolio/account_moves
-- params:
--   from_bucket text: M0 to M7+
--   move text = worse: worse (in a later bucket or written off) or cured (in M0 or paid off; for M0: paid off)
-- columns:
--   account_id text: the account; empty where a row counts things of several accounts
--   unit_id text: what the row is about
--   unit_on date: the day by which the account's bucket, grade and band are taken
--   currency text: ISO 4217 code
--   product text: product name
--   branch text: branch that booked the account
--   bucket text: bucket of the account, where the metric has its own; empty: that of unit_on
--   channel text: by what means; empty where the metric has none
--   team text: team of the collector; empty likewise
--   collector_id text: who made it; empty likewise
--   stage text: stage of the process; empty likewise
--   n_units integer: how many accounts the row stands for
--   numerator money: 1 where it made the move
--   denominator money: 1
select
    account_id,
    account_id as unit_id,
    cast($from_date as date) as unit_on,
    currency,
    product,
    branch,
    from_bucket as bucket,
    cast(null as varchar) as channel,
    cast(null as varchar) as team,
    cast(null as varchar) as collector_id,
    cast(null as varchar) as stage,
    cast(1 as bigint) as n_units,
    cast(case
        when $move = 'cured' and (to_bucket = 'paid_off' or (from_no > 0 and to_bucket = 'M0')) then 1
        when $move = 'worse' and coalesce(to_no > from_no, to_bucket = 'written_off') then 1
        else 0
    end as decimal(18, 2)) as numerator,
    cast(1 as decimal(18, 2)) as denominator
from account_moves
where from_bucket = $from_bucket
