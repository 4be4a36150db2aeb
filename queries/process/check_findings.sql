-- question: What broke a rule of the process, or cannot be judged by it?
-- grain: one row per thing and rule
-- params:
--   from_date date: first day
--   to_date date: last day, included
--   rule_id text = all: rule, or all
--   verdict text = breach: breach or not_assessable
-- columns:
--   rule_id text: the rule, with its pack in front
--   happened_on date: the day
--   item_kind text: contact, promise, dispute, spell or account
--   item_id text: its number; a spell has its account's
--   account_id text: the account
--   stage text: current, M1, M2-M3 or later; empty for rules of the packs
--   team text: team of the collector; empty where none is named
--   product text: product name
--   branch text: branch that booked the account
--   missing text: what is missing, where it cannot be assessed
--   detail text: the figures it rests on
with found as (
    select
        rule_id,
        happened_on,
        item_kind,
        item_id,
        account_key,
        stage,
        team,
        verdict,
        missing,
        detail
    from process_findings
    union all
    select
        findings.rule_id,
        findings.local_date as happened_on,
        'contact' as item_kind,
        findings.contact_id as item_id,
        findings.account_key,
        cast(null as varchar) as stage,
        findings.team,
        case findings.verdict when 'unknown' then 'not_assessable' else findings.verdict end as verdict,
        case when findings.verdict = 'unknown' then findings.reason end as missing,
        findings.detail
    from findings
    inner join process_rules on findings.rule_id = process_rules.rule_id and process_rules.basis = 'contact'
)

select
    found.rule_id,
    found.happened_on,
    found.item_kind,
    found.item_id,
    accounts.account_id,
    found.stage,
    found.team,
    accounts.product,
    accounts.branch,
    found.missing,
    found.detail
from found
inner join accounts on found.account_key = accounts.account_key
where
    found.happened_on between $from_date and $to_date
    and ($rule_id = 'all' or found.rule_id = $rule_id)
    and found.verdict = $verdict
order by found.happened_on desc, found.rule_id, found.item_id
