-- question: How often was a rule of the process kept in each stage, team, month, branch or product?
-- grain: one row per group that had anything to judge
-- uses: process/check_counts
-- params:
--   rule_id text = all: the rule
--     one of: process_rules, all
--   grouping_by text = stage: what checks are grouped by
--     one of: stage, team, month, branch, product
-- columns: group_name, n_kept, n_breach, n_exempt, n_not_assessable, n_judged, share_kept, kept_low, kept_high,
--   share_not_assessable
--   group_name: the group; empty where it is not known. A month is its first day
with grouped as (
    select
        case $grouping_by
            when 'team' then team
            when 'month' then cast(cast(date_trunc('month', happened_on) as date) as varchar)
            when 'branch' then branch
            when 'product' then product
            else stage
        end as group_name,
        verdict, n_items
    from check_counts
    where $rule_id = 'all' or rule_id = $rule_id
),

counted as (
    select
        group_name,
        macros.sum_where(n_items, verdict = 'kept') as n_kept,
        macros.sum_where(n_items, verdict = 'breach') as n_breach,
        macros.sum_where(n_items, verdict = 'exempt') as n_exempt,
        macros.sum_where(n_items, verdict = 'not_assessable') as n_not_assessable
    from grouped
    group by group_name
)

select
    group_name, n_kept, n_breach, n_exempt, n_not_assessable,
    n_kept + n_breach as n_judged,
    macros.ratio(n_kept, n_kept + n_breach) as share_kept,
    macros.wilson_low(n_kept, n_kept + n_breach) as kept_low,
    macros.wilson_high(n_kept, n_kept + n_breach) as kept_high,
    macros.ratio(n_not_assessable, n_kept + n_breach + n_not_assessable) as share_not_assessable
from counted
order by group_name
