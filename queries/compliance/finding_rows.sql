-- question: Which findings stand behind a number of breaches or of contacts that cannot be judged?
-- grain: one row per finding of the period
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
--   verdict text = breach: the verdict
--     one of: breach, unknown
--   pack_id text = all: the rule pack
--     one of: packs, all
--   rule_id text = all: the rule
--     one of: rules, all
--   grouping_by text = team: what group_name names
--     one of: team, channel, agency
--   group_name text = all: that team, channel or agency; all, or empty for findings without one
--     open: a value of the data; one that nothing has gives no rows
-- columns: finding_key, local_date, local_time, rule_id, verdict, modality, reason, detail, in_grace, counted, limit_count,
--   excess, n_before, debtor_id, account_id, contact_id, channel, collector_id, team, agency_id, product, branch, cite,
--   pack_version
--   local_time text: wall time in the debtor's zone
--   verdict: breach or unknown
--   counted integer: contacts counted at this one, itself included
--   account_id: the debt it counts to
with numbered as (
    select
        *,
        count(*) filter (where verdict = 'breach') over (
            partition by rule_id, debtor_key order by started_at, contact_id, account_id
            rows between unbounded preceding and 1 preceding
        ) as n_before
    from findings
)

select
    numbered.finding_key, numbered.local_date,
    cast(numbered.local_time as varchar) as local_time,
    numbered.rule_id, numbered.verdict, numbered.modality, numbered.reason, numbered.detail, numbered.in_grace,
    numbered.counted, numbered.limit_count,
    case when numbered.reason = 'over_limit' then numbered.counted - numbered.limit_count end as excess,
    numbered.n_before, numbered.debtor_id, numbered.account_id, numbered.contact_id, numbered.channel,
    numbered.collector_id, numbered.team, numbered.agency_id, accounts.product, accounts.branch, numbered.cite,
    numbered.pack_version
from numbered
inner join accounts on numbered.account_key = accounts.account_key
where
    numbered.local_date between $from_date and $to_date
    and numbered.verdict = $verdict
    and ($pack_id = 'all' or numbered.pack_id = $pack_id)
    and ($rule_id = 'all' or numbered.rule_id = $rule_id)
    and (
        $group_name = 'all'
        or $group_name = coalesce(
            case $grouping_by
                when 'channel' then numbered.channel
                when 'agency' then numbered.agency_id
                else numbered.team
            end, ''
        )
    )
order by numbered.local_date desc, numbered.started_at desc, numbered.rule_id, numbered.contact_id, numbered.account_id
