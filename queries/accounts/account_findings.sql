-- question: Which contacts about one account broke a rule, or cannot be judged by it?
-- grain: one row per finding
-- params:
--   account_id text: the lender's number
--   as_of date: the last day
-- columns:
--   happened_on date: local day of the contact; that of UTC where the debtor's zone is not known
--   happened_at text: wall time in the debtor's zone; empty where it is not known
--   event text: finding
--   subject text: channel of the contact
--   outcome text: breach or unknown
--   rule_id text: the rule, with its pack in front
--   title_en text: what the rule says, in English
--   title_zh text: what the rule says, in Chinese
--   modality text: must, presumption, should or advised
--   cite text: the clause
--   reason text: code of the reason
--   detail text: particulars of the reason
--   counted integer: contacts counted at this one, itself included
--   limit_count integer: how many the rule allows
--   who text: collector
--   finding_key text: stable over books
--   item_id text: the contact
with titles as (
    select
        rule_id,
        max(title_en) as title_en,
        max(title_zh) as title_zh
    from rules_run
    group by rule_id
)

select
    coalesce(findings.local_date, cast(findings.started_at as date)) as happened_on,
    cast(findings.local_time as varchar) as happened_at,
    'finding' as event,
    findings.channel as subject,
    findings.verdict as outcome,
    findings.rule_id,
    titles.title_en,
    titles.title_zh,
    findings.modality,
    findings.cite,
    findings.reason,
    findings.detail,
    findings.counted,
    findings.limit_count,
    findings.collector_id as who,
    findings.finding_key,
    findings.contact_id as item_id
from findings
left join titles on findings.rule_id = titles.rule_id
where
    findings.account_id = $account_id
    and coalesce(findings.local_date, cast(findings.started_at as date)) <= $as_of
order by happened_on, happened_at nulls first, item_id, findings.rule_id
