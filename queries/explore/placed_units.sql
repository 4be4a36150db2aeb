-- question: To which group does each unit of a metric belong, by up to two dimensions?
-- grain: one row per unit of the metric: account, promise, contact
-- uses: explore/account_states, explore/standing_units as units
-- params:
--   dim_1 text = none: the first dimension
--     one of: none, product, branch, bucket, risk_grade, balance_band, opened_year, region, channel, team, collector, stage
--   dim_2 text = none: the second
--     one of: none, product, branch, bucket, risk_grade, balance_band, opened_year, region, channel, team, collector, stage
-- columns: currency, account_id, unit_id, unit_on, debtor_key, product, branch, bucket, risk_grade, group_1, group_2,
--   n_units, numerator, denominator
--   account_id: the account; empty where a row counts things of several accounts
--   bucket: on that day, or as the metric itself has it
--   risk_grade: on that day
select
    units.currency, units.account_id, units.unit_id, units.unit_on, account_states.debtor_key, units.product,
    units.branch,
    coalesce(units.bucket, account_states.bucket) as bucket,
    account_states.risk_grade,
    case $dim_1
        when 'product' then coalesce(units.product, account_states.product)
        when 'branch' then coalesce(units.branch, account_states.branch, 'unknown')
        when 'bucket' then coalesce(units.bucket, account_states.bucket, 'unknown')
        when 'risk_grade' then coalesce(account_states.risk_grade, 'unknown')
        when 'balance_band' then coalesce(account_states.balance_band, 'unknown')
        when 'opened_year' then coalesce(account_states.opened_year, 'unknown')
        when 'region' then coalesce(account_states.region, 'unknown')
        when 'channel' then coalesce(units.channel, 'unknown')
        when 'team' then coalesce(units.team, 'unknown')
        when 'collector' then coalesce(units.collector_id, 'unknown')
        when 'stage' then coalesce(units.stage, 'unknown')
        else 'all'
    end as group_1,
    case $dim_2
        when 'product' then coalesce(units.product, account_states.product)
        when 'branch' then coalesce(units.branch, account_states.branch, 'unknown')
        when 'bucket' then coalesce(units.bucket, account_states.bucket, 'unknown')
        when 'risk_grade' then coalesce(account_states.risk_grade, 'unknown')
        when 'balance_band' then coalesce(account_states.balance_band, 'unknown')
        when 'opened_year' then coalesce(account_states.opened_year, 'unknown')
        when 'region' then coalesce(account_states.region, 'unknown')
        when 'channel' then coalesce(units.channel, 'unknown')
        when 'team' then coalesce(units.team, 'unknown')
        when 'collector' then coalesce(units.collector_id, 'unknown')
        when 'stage' then coalesce(units.stage, 'unknown')
        else 'all'
    end as group_2,
    units.n_units, units.numerator, units.denominator
from units
left join account_states
    on
        units.account_id = account_states.account_id
        and units.unit_on >= account_states.seen_on
        and units.unit_on < account_states.next_on
