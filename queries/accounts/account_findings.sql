-- question: Which contacts about one account broke a rule, or cannot be judged by it?
-- grain: one row per finding
-- params:
--   account_id text: the lender's number
--     open: the lender's own numbers; one that nothing has gives no rows
--   as_of date: the last day
-- columns: happened_on, happened_at, event, subject, outcome, rule_id, title_en, title_zh, modality, cite, reason, detail,
--   counted, limit_count, who, finding_key, item_id
--   happened_on: local day of the contact; that of UTC where the debtor's zone is not known
--   event: finding
--   subject: channel of the contact
--   outcome: breach or unknown
--   counted integer: contacts counted at this one, itself included
--   item_id: the contact
with titles as (
    select rule_id, max(title_en) as title_en, max(title_zh) as title_zh
    from rules_run
    group by rule_id
)

select
    macros.local_day(findings.local_date, findings.started_at) as happened_on,
    cast(findings.local_time as varchar) as happened_at,
    'finding' as event,
    findings.channel as subject, findings.verdict as outcome, findings.rule_id, titles.title_en, titles.title_zh,
    findings.modality, findings.cite, findings.reason, findings.detail, findings.counted, findings.limit_count,
    findings.collector_id as who, findings.finding_key, findings.contact_id as item_id
from findings
left join titles on findings.rule_id = titles.rule_id
where findings.account_id = $account_id and macros.local_day(findings.local_date, findings.started_at) <= $as_of
order by happened_on, happened_at nulls first, item_id, findings.rule_id
