-- question: Which dated versions of which rules do the findings of a choice rest on, and where were they read?
-- grain: one row per dated version of a rule with findings of the choice
-- uses: evidence/findings_chosen
-- columns: rule_id, effective_from, effective_to, grace_until, n_findings, title_en, title_zh, kind, modality, cite, source,
--   evidence_grade, verified_on, pack_id, pack_title_en, pack_title_zh, jurisdiction, strength, pack_version, pack_sha256,
--   rule_text
--   n_findings: findings of the choice
with counted as (
    select rule_id, effective_from, count(*) as n_findings
    from findings_chosen
    group by rule_id, effective_from
)

select
    rules_run.rule_id, rules_run.effective_from, rules_run.effective_to, rules_run.grace_until, counted.n_findings,
    rules_run.title_en, rules_run.title_zh, rules_run.kind, rules_run.modality, rules_run.cite, rules_run.source,
    rules_run.evidence_grade, rules_run.verified_on, rules_run.pack_id, rules_run.pack_title_en,
    rules_run.pack_title_zh, rules_run.jurisdiction, rules_run.strength, rules_run.pack_version, rules_run.pack_sha256,
    rules_run.rule_text
from counted
inner join rules_run on counted.rule_id = rules_run.rule_id and counted.effective_from = rules_run.effective_from
order by rules_run.rule_id, rules_run.effective_from
