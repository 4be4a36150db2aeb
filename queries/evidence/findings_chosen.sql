-- question: Which findings does a choice of rules, accounts, findings and days hold, and what does each rest on?
-- grain: one row per finding of the choice
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
--   undated boolean = true: whether findings whose local day is not known are chosen too
--   verdict text = breach: the verdict
--     one of: breach, unknown, all
--   rule_ids text = all: rules, one a line, or all
--     open: rules, one a line; one that the book was not judged by gives no rows
--   account_ids text = all: accounts, one a line, or all
--     open: the lender's own numbers; one that nothing has gives no rows
--   finding_keys text = all: findings, one a line, or all
--     open: findings, one a line; one that the book has not gives no rows
-- columns: finding_key, rule_id, verdict, modality, in_grace, local_date, local_time, started_at, counted, limit_count,
--   reason, detail, cite, pack_id, pack_version, effective_from, evidence_grade, debtor_id, account_id, product, branch,
--   contact_id, channel, collector_id, team, agency_id, n_proof
--   verdict: breach or unknown
--   local_date: day in the debtor's zone; empty where the zone is not known
--   local_time text: wall time in the debtor's zone
--   counted integer: contacts counted at this one, itself included
--   effective_from: first day of the rule's version that held then
--   account_id: the debt it counts to
-- notes: a finding without a local day is held to the version of its UTC day, as its grace period is
select
    findings.finding_key, findings.rule_id, findings.verdict, findings.modality, findings.in_grace, findings.local_date,
    cast(findings.local_time as varchar) as local_time,
    findings.started_at, findings.counted, findings.limit_count, findings.reason, findings.detail, findings.cite,
    findings.pack_id, findings.pack_version, rules_run.effective_from, rules_run.evidence_grade, findings.debtor_id,
    findings.account_id, accounts.product, accounts.branch, findings.contact_id, findings.channel,
    findings.collector_id, findings.team, findings.agency_id,
    cast(
        len(findings.evidence)
        + case when list_contains(findings.evidence, findings.contact_id) then 0 else 1 end as bigint
    ) as n_proof
from findings
inner join accounts on findings.account_key = accounts.account_key
left join rules_run
    on
        findings.rule_id = rules_run.rule_id
        and macros.local_day(findings.local_date, findings.started_at)
        between rules_run.effective_from and coalesce(rules_run.effective_to, date '9999-12-31')
where
    (
        findings.local_date between $from_date and $to_date
        or ($undated and findings.local_date is null)
    )
    and ($verdict = 'all' or findings.verdict = $verdict)
    and ($rule_ids = 'all' or list_contains(string_split($rule_ids, chr(10)), findings.rule_id))
    and ($account_ids = 'all' or list_contains(string_split($account_ids, chr(10)), findings.account_id))
    and ($finding_keys = 'all' or list_contains(string_split($finding_keys, chr(10)), findings.finding_key))
order by findings.rule_id, findings.started_at, findings.contact_id, findings.account_id
