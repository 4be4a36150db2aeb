-- question: Which accounts were or became overdue in a period, and what was collected from each?
-- grain: one row per account
-- uses: recovery/overdue_in_period
-- columns: account_id, unit_id, unit_on, currency, product, branch, bucket, channel, team, collector_id, stage, n_units,
--   numerator, denominator
--   account_id: the account; empty where a row counts things of several accounts
--   bucket: bucket of the account, where the metric has its own; empty: that of unit_on
--   numerator: payments less reversals while overdue, at most the overdue balance
--   denominator: overdue balance at the opening, or when first seen overdue
select
    account_id, account_id as unit_id, seen_on as unit_on, currency, product, branch, bucket,
    cast(null as varchar) as channel, cast(null as varchar) as team, cast(null as varchar) as collector_id,
    cast(null as varchar) as stage, cast(1 as bigint) as n_units,
    collected as numerator, overdue_balance as denominator
from overdue_in_period
