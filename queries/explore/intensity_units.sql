-- question: How often was each collectible account contacted in each stage?
-- grain: one row per account and stage that it was overdue in
-- uses: process/intensity_accounts
-- columns: account_id, unit_id, unit_on, currency, product, branch, bucket, channel, team, collector_id, stage, n_units,
--   numerator, denominator
--   account_id: the account; empty where a row counts things of several accounts
--   bucket: bucket of the account, where the metric has its own; empty: that of unit_on
--   n_units: how many accounts in a stage the row stands for
--   numerator: contacts and attempts to the debtor on these days
--   denominator: days on which it was overdue in that stage
-- notes: days after a write-off are left out
select
    intensity_accounts.account_id, intensity_accounts.account_id as unit_id,
    cast($to_date as date) as unit_on,
    intensity_accounts.currency, intensity_accounts.product, intensity_accounts.branch,
    cast(null as varchar) as bucket, cast(null as varchar) as channel, cast(null as varchar) as team,
    cast(null as varchar) as collector_id, intensity_accounts.stage, cast(1 as bigint) as n_units,
    cast(intensity_accounts.n_attempts as decimal(18, 2)) as numerator,
    cast(intensity_accounts.account_days as decimal(18, 2)) as denominator
from intensity_accounts
where stage <> 'written_off'
