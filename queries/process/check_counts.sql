-- question: How many things did each rule of the process judge, with which verdict, on which day and in which stage?
-- grain: one row per rule, verdict, missing column, day, branch, product, currency, team and stage
-- params:
--   from_date date: first day
--   to_date date: last day, included
-- columns: rule_id, verdict, missing, happened_on, branch, product, currency, team, stage, n_items
--   verdict: kept, breach, exempt or not_assessable
--   happened_on: the day
--   stage: current, M1, M2-M3 or later; empty for rules of the packs
-- notes: rules of the packs that hold a requirement of the process are counted too. Contacts without a local day are in no
--   period
with own as (
    select rule_id, verdict, missing, happened_on, branch, product, currency, team, stage, n_items
    from process_counts
),

of_packs as (
    select
        verdict_counts.rule_id,
        case verdict_counts.verdict
            when 'ok' then 'kept'
            when 'unknown' then 'not_assessable'
            else verdict_counts.verdict
        end as verdict,
        case when verdict_counts.verdict = 'unknown' then verdict_counts.reason end as missing,
        verdict_counts.local_date as happened_on, verdict_counts.branch, verdict_counts.product,
        verdict_counts.currency, verdict_counts.team,
        cast(null as varchar) as stage, verdict_counts.n_contacts as n_items
    from verdict_counts
    inner join process_rules on verdict_counts.rule_id = process_rules.rule_id and process_rules.basis = 'contact'
),

counted as (
    select *
    from own
    union all
    select *
    from of_packs
)

select rule_id, verdict, missing, happened_on, branch, product, currency, team, stage, n_items
from counted
where happened_on between $from_date and $to_date
