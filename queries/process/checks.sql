-- question: How often was each rule of the process kept, broken or not assessable?
-- grain: one row per rule of the process that was in force on some day of the period
-- uses: process/check_counts
-- columns: rule_id, basis, title_en, title_zh, modality, requirements, cite, set_to, n_kept, n_breach, n_exempt,
--   n_not_assessable, n_judged, share_kept, kept_low, kept_high, share_not_assessable
--   basis: the query that judges it, or contact
--   title_en: what a breach of it is, in English
--   title_zh: what a breach of it is, in Chinese
--   cite: the sentence of the template
-- notes: words and settings are those of the version in force at the end of the period
with versions as (
    select *, row_number() over (partition by rule_id order by effective_from desc) as newest
    from process_rules
    where effective_from <= $to_date and (effective_to is null or effective_to >= $from_date)
),

counted as (
    select
        rule_id,
        macros.sum_where(n_items, verdict = 'kept') as n_kept,
        macros.sum_where(n_items, verdict = 'breach') as n_breach,
        macros.sum_where(n_items, verdict = 'exempt') as n_exempt,
        macros.sum_where(n_items, verdict = 'not_assessable') as n_not_assessable
    from check_counts
    group by rule_id
)

select
    versions.rule_id, versions.basis, versions.title_en, versions.title_zh, versions.modality, versions.requirements,
    versions.cite, versions.set_to,
    coalesce(counted.n_kept, 0) as n_kept,
    coalesce(counted.n_breach, 0) as n_breach,
    coalesce(counted.n_exempt, 0) as n_exempt,
    coalesce(counted.n_not_assessable, 0) as n_not_assessable,
    coalesce(counted.n_kept + counted.n_breach, 0) as n_judged,
    macros.ratio(counted.n_kept, counted.n_kept + counted.n_breach) as share_kept,
    macros.wilson_low(counted.n_kept, counted.n_kept + counted.n_breach) as kept_low,
    macros.wilson_high(counted.n_kept, counted.n_kept + counted.n_breach) as kept_high,
    macros.ratio(
        counted.n_not_assessable, counted.n_kept + counted.n_breach + counted.n_not_assessable
    ) as share_not_assessable
from versions
left join counted on versions.rule_id = counted.rule_id
where versions.newest = 1
order by n_breach desc, n_not_assessable desc, versions.rule_id
