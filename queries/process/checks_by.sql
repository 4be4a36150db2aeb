-- question: How often was a rule of the process kept in each stage, team, month, branch or product?
-- grain: one row per group that had anything to judge
-- uses: process/check_counts
-- params:
--   rule_id text = all: rule, or all
--   grouping_by text = stage: stage, team, month, branch or product
-- columns:
--   group_name text: the group; empty where it is not known. A month is its first day
--   n_kept integer: kept
--   n_breach integer: broken
--   n_exempt integer: exempt by the rule's own words; in no share
--   n_not_assessable integer: cannot be judged; never counted as kept
--   n_judged integer: n_kept + n_breach
--   share_kept ratio: n_kept / n_judged; null where nothing was judged
--   kept_low ratio: lower Wilson 95 % limit of share_kept
--   kept_high ratio: upper Wilson 95 % limit of share_kept
--   share_not_assessable ratio: n_not_assessable / (n_judged + n_not_assessable)
with grouped as (
    select
        case $grouping_by
            when 'team' then team
            when 'month' then cast(cast(date_trunc('month', happened_on) as date) as varchar)
            when 'branch' then branch
            when 'product' then product
            else stage
        end as group_name,
        verdict,
        n_items
    from check_counts
    where $rule_id = 'all' or rule_id = $rule_id
),

counted as (
    select
        group_name,
        cast(coalesce(sum(n_items) filter (where verdict = 'kept'), 0) as bigint) as n_kept,
        cast(coalesce(sum(n_items) filter (where verdict = 'breach'), 0) as bigint) as n_breach,
        cast(coalesce(sum(n_items) filter (where verdict = 'exempt'), 0) as bigint) as n_exempt,
        cast(coalesce(sum(n_items) filter (where verdict = 'not_assessable'), 0) as bigint) as n_not_assessable
    from grouped
    group by group_name
),

shared as (
    select
        *,
        n_kept + n_breach as n_judged,
        nullif(cast(n_kept + n_breach as double), 0) as n,
        cast(n_kept as double) / nullif(n_kept + n_breach, 0) as share,
        cast(n_not_assessable as double) / nullif(n_kept + n_breach + n_not_assessable, 0) as share_not_assessable,
        1.959964 * 1.959964 as z2
    from counted
),

spread as (
    select
        *,
        share * (1 - share) / n + z2 / (4 * n * n) as variance
    from shared
)

select
    group_name,
    n_kept,
    n_breach,
    n_exempt,
    n_not_assessable,
    n_judged,
    share as share_kept,
    (share + z2 / (2 * n) - sqrt(z2 * variance))
    / (1 + z2 / n) as kept_low,
    (share + z2 / (2 * n) + sqrt(z2 * variance))
    / (1 + z2 / n) as kept_high,
    share_not_assessable
from spread
order by group_name
