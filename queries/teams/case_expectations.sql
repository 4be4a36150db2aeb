-- question: What was to be expected of each assigned account, going by like accounts of others?
-- grain: one row per assignment whose outcome is known
-- uses: teams/case_outcomes
-- params:
--   outcome text = kept: what is compared
--     one of: reached, kept, cured
--   grouping_by text = collector: who is left out: the collector, or the whole team
--     one of: collector, team
--   min_others integer = 20: like accounts that others must have for a comparison
--     range: 1 up
-- columns: group_name, currency, account_id, product, branch, collector_id, team, assigned_on, arm, bucket, days_band,
--   balance_band, risk_grade, n_others, is_compared, observed, expected, variance, collected
--   group_name: the collector or team; empty where the book does not say
--   collector_id: who was given it
--   bucket: at assignment
--   expected ratio: share of the like accounts of others with the outcome; null where not compared
--   variance: of observed - expected if it did not matter whose account it is; null where not compared
--   collected: payments less reversals while it was assigned, within the days
-- notes: alike are accounts of one currency, bucket at assignment, days in it, balance third, risk grade and arm. The
--   collector's (or team's) own accounts never enter what is expected of them. observed, expected and variance add up over
--   the rows of one. variance is that of dealing out the outcomes of like accounts at random (hypergeometric), so it holds the
--   chance in the others' share too
with known as (
    select
        *,
        case when $grouping_by = 'team' then team else collector_id end as group_name,
        cast(case $outcome when 'reached' then is_reached when 'cured' then is_cured else is_kept end as integer) as y
    from case_outcomes
    where case $outcome when 'reached' then is_reached when 'cured' then is_cured else is_kept end is not null
),

summed as (
    select
        *,
        count(*) over (
            partition by currency, bucket, days_band, balance_band, risk_grade, arm
        ) as n_all,
        sum(y) over (
            partition by currency, bucket, days_band, balance_band, risk_grade, arm
        ) as k_all,
        count(*) over (
            partition by currency, bucket, days_band, balance_band, risk_grade, arm, group_name
        ) as n_own,
        sum(y) over (
            partition by currency, bucket, days_band, balance_band, risk_grade, arm, group_name
        ) as k_own
    from known
),

compared as (
    select
        *,
        n_all - n_own as n_others,
        cast(k_all as double) / n_all * (1 - cast(k_all as double) / n_all) as share_spread,
        case when n_all - n_own >= $min_others then macros.ratio(k_all - k_own, n_all - n_own) end as p
    from summed
)

select
    group_name, currency, account_id, product, branch, collector_id, team, assigned_on, arm, bucket, days_band,
    balance_band, risk_grade, n_others,
    p is not null as is_compared,
    cast(case when p is not null then y end as bigint) as observed,
    p as expected,
    case
        when p is not null
            then share_spread * n_all * n_all / nullif(cast(n_others as double) * (n_all - 1), 0)
    end as variance,
    collected
from compared
