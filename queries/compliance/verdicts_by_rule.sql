-- question: How many contacts did each rule find in breach, in order, exempt or not assessable?
-- grain: one row per rule that was in force on some day of the period
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
--   pack_id text = all: the rule pack
--     one of: packs, all
--   rule_id text = all: the rule
--     one of: rules, all
-- columns: rule_id, pack_id, title_en, title_zh, modality, kind, evidence_grade, cite, n_breach, n_ok, n_exempt, n_unknown,
--   n_judged, n_undated
--   n_breach: contacts in breach
--   n_exempt: contacts exempt
--   n_unknown: contacts that cannot be judged
--   n_undated: not assessable and without a local day, over the whole log; in no period
-- notes: a contact about several debts counts once for each debt that the rule counts by. Words and clause are those of
--   the version in force at the end of the period
with versions as (
    select *, row_number() over (partition by rule_id order by effective_from desc) as newest
    from rules_run
    where
        effective_from <= $to_date
        and (effective_to is null or effective_to >= $from_date)
        and ($pack_id = 'all' or pack_id = $pack_id)
        and ($rule_id = 'all' or rule_id = $rule_id)
),

dated as (
    select rule_id, verdict, local_date is null as is_undated, sum(n_contacts) as n
    from verdict_counts
    where local_date is null or local_date between $from_date and $to_date
    group by rule_id, verdict, is_undated
),

counted as (
    select
        rule_id,
        macros.sum_where(n, verdict = 'breach' and not is_undated) as n_breach,
        macros.sum_where(n, verdict = 'ok' and not is_undated) as n_ok,
        macros.sum_where(n, verdict = 'exempt' and not is_undated) as n_exempt,
        macros.sum_where(n, verdict = 'unknown' and not is_undated) as n_unknown,
        macros.sum_where(n, is_undated) as n_undated
    from dated
    group by rule_id
)

select
    versions.rule_id, versions.pack_id, versions.title_en, versions.title_zh, versions.modality, versions.kind,
    versions.evidence_grade, versions.cite,
    coalesce(counted.n_breach, 0) as n_breach,
    coalesce(counted.n_ok, 0) as n_ok,
    coalesce(counted.n_exempt, 0) as n_exempt,
    coalesce(counted.n_unknown, 0) as n_unknown,
    coalesce(counted.n_breach + counted.n_ok + counted.n_exempt + counted.n_unknown, 0) as n_judged,
    coalesce(counted.n_undated, 0) as n_undated
from versions
left join counted on versions.rule_id = counted.rule_id
where versions.newest = 1
order by n_breach desc, n_unknown desc, versions.rule_id
