-- question: Which dated versions of which rules do the findings of a choice rest on, and where were they read?
-- grain: one row per dated version of a rule with findings of the choice
-- uses: evidence/findings_chosen
-- columns:
--   rule_id text: the rule, with its pack in front
--   effective_from date: first day of this version
--   effective_to date: last day; open where empty
--   grace_until date: last day of the grace period
--   n_findings integer: findings of the choice
--   title_en text: what it says, in English
--   title_zh text: what it says, in Chinese
--   kind text: kind of rule
--   modality text: must, presumption, should or advised
--   cite text: the clause
--   source text: where it was read
--   evidence_grade text: primary, secondary or memory
--   verified_on date: day it was last compared with its source
--   pack_id text: rule pack
--   pack_title_en text: the instrument, in English
--   pack_title_zh text: the instrument, in Chinese
--   jurisdiction text: ISO 3166 country; empty for the lender's own policy
--   strength text: statute, regulation, guidance ...
--   pack_version text: version of the pack's file
--   pack_sha256 text: hash of the pack's file
--   rule_text text: the rule as it stands in the pack (TOML)
with counted as (
    select
        rule_id,
        effective_from,
        count(*) as n_findings
    from findings_chosen
    group by rule_id, effective_from
)

select
    rules_run.rule_id,
    rules_run.effective_from,
    rules_run.effective_to,
    rules_run.grace_until,
    counted.n_findings,
    rules_run.title_en,
    rules_run.title_zh,
    rules_run.kind,
    rules_run.modality,
    rules_run.cite,
    rules_run.source,
    rules_run.evidence_grade,
    rules_run.verified_on,
    rules_run.pack_id,
    rules_run.pack_title_en,
    rules_run.pack_title_zh,
    rules_run.jurisdiction,
    rules_run.strength,
    rules_run.pack_version,
    rules_run.pack_sha256,
    rules_run.rule_text
from counted
inner join rules_run on counted.rule_id = rules_run.rule_id and counted.effective_from = rules_run.effective_from
order by rules_run.rule_id, rules_run.effective_from
