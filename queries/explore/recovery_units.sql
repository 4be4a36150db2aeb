-- question: Which accounts were or became overdue in a period, and what was collected from each?
-- grain: one row per account
-- uses: recovery/overdue_in_period
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
--   numerator money: payments less reversals while overdue, at most the overdue balance
--   denominator money: overdue balance at the opening, or when first seen overdue
select
    account_id,
    account_id as unit_id,
    seen_on as unit_on,
    currency,
    product,
    branch,
    bucket,
    cast(null as varchar) as channel,
    cast(null as varchar) as team,
    cast(null as varchar) as collector_id,
    cast(null as varchar) as stage,
    cast(1 as bigint) as n_units,
    collected as numerator,
    overdue_balance as denominator
from overdue_in_period
