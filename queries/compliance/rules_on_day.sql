-- question: Which dated versions of which rules was the book judged by, and what was the state of each on a day?
-- grain: one row per rule and dated version
-- params:
--   on_day date: the day asked about
-- columns: rule_id, pack_id, pack_version, pack_title_en, pack_title_zh, jurisdiction, strength, kind, title_en, title_zh,
--   modality, cite, source, evidence_grade, verified_on, effective_from, effective_to, grace_until, limit_count, rule_state,
--   rule_text
--   limit_count: what a count_cap allows
select
    rule_id, pack_id, pack_version, pack_title_en, pack_title_zh, jurisdiction, strength, kind, title_en, title_zh,
    modality, cite, source, evidence_grade, verified_on, effective_from, effective_to, grace_until, limit_count,
    case
        when $on_day < effective_from then 'not_yet'
        when $on_day > effective_to then 'ended'
        when $on_day <= grace_until then 'in_grace'
        else 'in_force'
    end as rule_state,
    rule_text
from rules_run
order by pack_id, rule_id, effective_from
