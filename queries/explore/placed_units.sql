-- question: To which group does each unit of a metric belong, by up to two dimensions?
-- grain: one row per unit of the metric: account, promise, contact
-- uses: explore/account_states, explore/standing_units as units
-- params:
--   dim_1 text = none: none, product, branch, bucket, risk_grade, balance_band, opened_year, region, channel, team, collector
--     or stage
--   dim_2 text = none: as dim_1
-- columns:
--   currency text: ISO 4217 code
--   account_id text: the account; empty where a row counts things of several accounts
--   unit_id text: what the row is about
--   unit_on date: the day by which bucket, grade and band are taken
--   debtor_key integer: who owes; empty likewise
--   product text: product name
--   branch text: branch that booked the account
--   bucket text: on that day, or as the metric itself has it
--   risk_grade text: on that day
--   group_1 text: value of dim_1; all where it is none, unknown where the book does not say
--   group_2 text: value of dim_2 likewise
--   n_units integer: how many the row stands for
--   numerator money: what counts
--   denominator money: of what
select
    units.currency,
    units.account_id,
    units.unit_id,
    units.unit_on,
    account_states.debtor_key,
    units.product,
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
    units.n_units,
    units.numerator,
    units.denominator
from units
left join account_states
    on
        units.account_id = account_states.account_id
        and units.unit_on >= account_states.seen_on
        and units.unit_on < account_states.next_on
