-- question: How many things did the process judge, and how many were kept?
-- grain: one row per rule, verdict, day, branch, product, currency, team and stage, of things kept or broken
-- uses: process/check_counts
-- columns: account_id, unit_id, unit_on, currency, product, branch, bucket, channel, team, collector_id, stage, n_units,
--   numerator, denominator
--   account_id: the account; empty where a row counts things of several accounts
--   bucket: bucket of the account, where the metric has its own; empty: that of unit_on
--   numerator: of these, kept
--   denominator: things kept or broken
-- notes: the book keeps counts of what was kept, so a row stands for several things and names no account
select
    cast(null as varchar) as account_id,
    rule_id as unit_id, happened_on as unit_on, currency, product, branch,
    cast(null as varchar) as bucket, cast(null as varchar) as channel, team, cast(null as varchar) as collector_id,
    stage,
    cast(n_items as bigint) as n_units,
    cast(case when verdict = 'kept' then n_items else 0 end as decimal(18, 2)) as numerator,
    cast(n_items as decimal(18, 2)) as denominator
from check_counts
where verdict in ('kept', 'breach')
