-- question: How many things did the process judge, and how many were kept?
-- grain: one row per rule, verdict, day, branch, product, currency, team and stage, of things kept or broken
-- uses: process/check_counts
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
--   n_units integer: how many things judged the row stands for
--   numerator money: of these, kept
--   denominator money: things kept or broken
-- notes: the book keeps counts of what was kept, so a row stands for several things and names no account
select
    cast(null as varchar) as account_id,
    rule_id as unit_id,
    happened_on as unit_on,
    currency,
    product,
    branch,
    cast(null as varchar) as bucket,
    cast(null as varchar) as channel,
    team,
    cast(null as varchar) as collector_id,
    stage,
    cast(n_items as bigint) as n_units,
    cast(case when verdict = 'kept' then n_items else 0 end as decimal(18, 2)) as numerator,
    cast(n_items as decimal(18, 2)) as denominator
from check_counts
where verdict in ('kept', 'breach')
