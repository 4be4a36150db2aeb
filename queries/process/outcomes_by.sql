-- question: What became of overdue accounts, by risk grade, history, cause, willingness or ability?
-- grain: one row per currency and group of accounts overdue at as_of
-- uses: process/overdue_facts
-- params:
--   grouping_by text = risk_grade: what accounts are grouped by
--     one of: risk_grade, history, delay_cause, willingness, ability, bucket
--   then_by text = none: a second grouping
--     one of: none, risk_grade, history, delay_cause, willingness, ability, bucket
--   in_bucket text = all: accounts of this bucket at as_of
--     one of: buckets, all
-- columns: currency, group_name, then_name, n_accounts, balance, n_followed, n_worse, share_worse, worse_low, worse_high,
--   n_cured, share_cured, cured_low, cured_high
--   balance: outstanding at as_of
--   n_worse: in a later bucket or written off
--   share_worse: n_worse / n_followed; null where nobody was followed
--   n_cured: in M0 or paid off
--   share_cured: n_cured / n_followed
with grouped as (
    select
        currency,
        case $grouping_by
            when 'history' then history
            when 'delay_cause' then delay_cause
            when 'willingness' then willingness
            when 'ability' then ability
            when 'bucket' then bucket
            else risk_grade
        end as group_name,
        case $then_by
            when 'risk_grade' then risk_grade
            when 'history' then history
            when 'delay_cause' then delay_cause
            when 'willingness' then willingness
            when 'ability' then ability
            when 'bucket' then bucket
        end as then_name,
        balance, is_worse, is_cured
    from overdue_facts
    where $in_bucket = 'all' or bucket = $in_bucket
),

counted as (
    select
        currency, group_name, then_name,
        count(*) as n_accounts,
        cast(sum(balance) as decimal(18, 2)) as balance,
        count(is_worse) as n_followed,
        count(*) filter (where is_worse) as n_worse,
        count(*) filter (where is_cured) as n_cured
    from grouped
    group by currency, group_name, then_name
)

select
    currency, group_name, then_name, n_accounts, balance, n_followed, n_worse,
    macros.ratio(n_worse, n_followed) as share_worse,
    macros.wilson_low(n_worse, n_followed) as worse_low,
    macros.wilson_high(n_worse, n_followed) as worse_high,
    n_cured,
    macros.ratio(n_cured, n_followed) as share_cured,
    macros.wilson_low(n_cured, n_followed) as cured_low,
    macros.wilson_high(n_cured, n_followed) as cured_high
from counted
order by currency, group_name, then_name
