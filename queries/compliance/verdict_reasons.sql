-- question: Why is a contact exempt, in breach or not assessable?
-- grain: one row per rule, verdict and reason
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
--   pack_id text = all: the rule pack
--     one of: packs, all
--   rule_id text = all: the rule
--     one of: rules, all
-- columns: rule_id, verdict, reason, n_contacts
--   n_contacts: contacts
with of_pack as (
    select distinct rule_id
    from rules_run
    where pack_id = $pack_id
)

select
    verdict_counts.rule_id, verdict_counts.verdict, verdict_counts.reason,
    cast(sum(verdict_counts.n_contacts) as bigint) as n_contacts
from verdict_counts
where
    verdict_counts.local_date between $from_date and $to_date
    and ($rule_id = 'all' or verdict_counts.rule_id = $rule_id)
    and ($pack_id = 'all' or verdict_counts.rule_id in (select of_pack.rule_id from of_pack))
group by verdict_counts.rule_id, verdict_counts.verdict, verdict_counts.reason
order by verdict_counts.rule_id, verdict_counts.verdict, n_contacts desc, verdict_counts.reason
