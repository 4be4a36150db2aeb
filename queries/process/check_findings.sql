-- question: What broke a rule of the process, or cannot be judged by it?
-- grain: one row per thing and rule
-- params:
--   from_date date: first day
--   to_date date: last day, included
--   rule_id text = all: the rule
--     one of: process_rules, all
--   verdict text = breach: the verdict
--     one of: breach, not_assessable
-- columns: rule_id, happened_on, item_kind, item_id, account_id, stage, team, product, branch, missing, detail
--   happened_on: the day
--   item_id: its number; a spell has its account's
--   stage: current, M1, M2-M3 or later; empty for rules of the packs
with found as (
    select rule_id, happened_on, item_kind, item_id, account_key, stage, team, verdict, missing, detail
    from process_findings
    union all
    select
        findings.rule_id, findings.local_date as happened_on,
        'contact' as item_kind,
        findings.contact_id as item_id, findings.account_key,
        cast(null as varchar) as stage, findings.team,
        case findings.verdict when 'unknown' then 'not_assessable' else findings.verdict end as verdict,
        case when findings.verdict = 'unknown' then findings.reason end as missing,
        findings.detail
    from findings
    inner join process_rules on findings.rule_id = process_rules.rule_id and process_rules.basis = 'contact'
)

select
    found.rule_id, found.happened_on, found.item_kind, found.item_id, accounts.account_id, found.stage, found.team,
    accounts.product, accounts.branch, found.missing, found.detail
from found
inner join accounts on found.account_key = accounts.account_key
where
    found.happened_on between $from_date and $to_date
    and ($rule_id = 'all' or found.rule_id = $rule_id)
    and found.verdict = $verdict
order by found.happened_on desc, found.rule_id, found.item_id
