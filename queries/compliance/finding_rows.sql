-- question: Which findings stand behind a number of breaches or of contacts that cannot be judged?
-- grain: one row per finding of the period
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
--   verdict text = breach: breach or unknown
--   pack_id text = all: rule pack, or all
--   rule_id text = all: rule, or all
--   grouping_by text = team: what group_name names: team, channel or agency
--   group_name text = all: that team, channel or agency; all, or empty for findings without one
-- columns:
--   finding_key text: rule, contact and account
--   local_date date: day in the debtor's zone
--   local_time text: wall time in the debtor's zone
--   rule_id text: the rule, with its pack in front
--   verdict text: breach or unknown
--   modality text: must, presumption, should or advised
--   reason text: code of the reason
--   detail text: particulars of the reason
--   in_grace boolean: fell into the rule's grace period
--   counted integer: contacts counted at this one, itself included
--   limit_count integer: how many the rule allows
--   excess integer: counted - limit_count, where the rule counts
--   n_before integer: breaches of the same rule on the same debtor before this one, over the whole log
--   debtor_id text: the debtor
--   account_id text: the debt it counts to
--   contact_id text: the contact
--   channel text: as in contacts
--   collector_id text: who made it
--   team text: team of the collector
--   agency_id text: agency that made it; empty for own staff
--   product text: product name
--   branch text: branch that booked the account
--   cite text: the clause
--   pack_version text: version of the pack's file
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
    numbered.finding_key,
    numbered.local_date,
    cast(numbered.local_time as varchar) as local_time,
    numbered.rule_id,
    numbered.verdict,
    numbered.modality,
    numbered.reason,
    numbered.detail,
    numbered.in_grace,
    numbered.counted,
    numbered.limit_count,
    case when numbered.reason = 'over_limit' then numbered.counted - numbered.limit_count end as excess,
    numbered.n_before,
    numbered.debtor_id,
    numbered.account_id,
    numbered.contact_id,
    numbered.channel,
    numbered.collector_id,
    numbered.team,
    numbered.agency_id,
    accounts.product,
    accounts.branch,
    numbered.cite,
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
