-- question: What became of overdue accounts, by risk grade, history, cause, willingness or ability?
-- grain: one row per currency and group of accounts overdue at as_of
-- uses: process/overdue_facts
-- params:
--   grouping_by text = risk_grade: risk_grade, history, delay_cause, willingness, ability or bucket
--   then_by text = none: a second of these, or none
--   in_bucket text = all: accounts of one aging bucket at as_of, or all
-- columns:
--   currency text: ISO 4217 code
--   group_name text: the group; empty where it is not known
--   then_name text: the second group; empty where it is not known or none was asked for
--   n_accounts integer: accounts
--   balance money: outstanding at as_of
--   n_followed integer: of these, those whose state at to_date is known
--   n_worse integer: in a later bucket or written off
--   share_worse ratio: n_worse / n_followed; null where nobody was followed
--   worse_low ratio: lower Wilson 95 % limit
--   worse_high ratio: upper Wilson 95 % limit
--   n_cured integer: in M0 or paid off
--   share_cured ratio: n_cured / n_followed
--   cured_low ratio: lower Wilson 95 % limit
--   cured_high ratio: upper Wilson 95 % limit
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
        balance,
        is_worse,
        is_cured
    from overdue_facts
    where $in_bucket = 'all' or bucket = $in_bucket
),

counted as (
    select
        currency,
        group_name,
        then_name,
        count(*) as n_accounts,
        cast(sum(balance) as decimal(18, 2)) as balance,
        count(is_worse) as n_followed,
        count(*) filter (where is_worse) as n_worse,
        count(*) filter (where is_cured) as n_cured
    from grouped
    group by currency, group_name, then_name
),

shared as (
    select
        *,
        nullif(cast(n_followed as double), 0) as n,
        cast(n_worse as double) / nullif(n_followed, 0) as worse,
        cast(n_cured as double) / nullif(n_followed, 0) as cured,
        1.959964 * 1.959964 as z2
    from counted
)

select
    currency,
    group_name,
    then_name,
    n_accounts,
    balance,
    n_followed,
    n_worse,
    worse as share_worse,
    (worse + z2 / (2 * n) - sqrt(z2 * (worse * (1 - worse) / n + z2 / (4 * n * n)))) / (1 + z2 / n) as worse_low,
    (worse + z2 / (2 * n) + sqrt(z2 * (worse * (1 - worse) / n + z2 / (4 * n * n)))) / (1 + z2 / n) as worse_high,
    n_cured,
    cured as share_cured,
    (cured + z2 / (2 * n) - sqrt(z2 * (cured * (1 - cured) / n + z2 / (4 * n * n)))) / (1 + z2 / n) as cured_low,
    (cured + z2 / (2 * n) + sqrt(z2 * (cured * (1 - cured) / n + z2 / (4 * n * n)))) / (1 + z2 / n) as cured_high
from shared
order by currency, group_name, then_name
