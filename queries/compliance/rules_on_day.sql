-- question: Which dated versions of which rules was the book judged by, and what was the state of each on a day?
-- grain: one row per rule and dated version
-- params:
--   on_day date: the day asked about
-- columns:
--   rule_id text: the rule, with its pack in front
--   pack_id text: rule pack
--   pack_version text: version of the pack's file
--   pack_title_en text: the instrument, in English
--   pack_title_zh text: the instrument, in Chinese
--   jurisdiction text: ISO 3166 country; empty for the lender's own policy
--   strength text: statute, regulation, guidance ...
--   kind text: kind of rule
--   title_en text: what it says, in English
--   title_zh text: what it says, in Chinese
--   modality text: must, presumption, should or advised
--   cite text: the clause
--   source text: where it was read
--   evidence_grade text: primary, secondary or memory
--   verified_on date: day it was last compared with its source
--   effective_from date: first day of this version
--   effective_to date: last day; empty where open
--   grace_until date: last day of the grace period
--   limit_count integer: what a count_cap allows
--   rule_state text: in_force, in_grace, not_yet or ended on that day
--   rule_text text: the rule as it stands in the pack
select
    rule_id,
    pack_id,
    pack_version,
    pack_title_en,
    pack_title_zh,
    jurisdiction,
    strength,
    kind,
    title_en,
    title_zh,
    modality,
    cite,
    source,
    evidence_grade,
    verified_on,
    effective_from,
    effective_to,
    grace_until,
    limit_count,
    case
        when $on_day < effective_from then 'not_yet'
        when $on_day > effective_to then 'ended'
        when $on_day <= grace_until then 'in_grace'
        else 'in_force'
    end as rule_state,
    rule_text
from rules_run
order by pack_id, rule_id, effective_from
