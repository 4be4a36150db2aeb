-- question: Which outbound contacts did each collector or team make, and which of them broke a rule?
-- grain: one row per outbound contact of the period; rows add up to conduct's
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
--   grouping_by text = collector: what contacts are grouped by
--     one of: collector, team
-- columns: contact_id, account_id, group_name, team, local_date, channel, debtor_key, is_breaching, is_unknown
--   group_name: the collector or team; empty where the log does not say
--   team: team as the log names it
with found as (
    select contact_key, bool_or(verdict = 'breach') as is_breaching, bool_or(verdict = 'unknown') as is_unknown
    from findings
    where local_date between $from_date and $to_date
    group by contact_key
)

select
    contacts.contact_id, accounts.account_id,
    case when $grouping_by = 'team' then contacts.team else contacts.collector_id end as group_name,
    contacts.team, contacts.local_date, contacts.channel, contacts.debtor_key,
    coalesce(found.is_breaching, false) as is_breaching,
    coalesce(found.is_unknown and not found.is_breaching, false) as is_unknown
from contacts
left join found on contacts.contact_key = found.contact_key
left join accounts on contacts.account_key = accounts.account_key
where contacts.direction = 'out' and contacts.local_date between $from_date and $to_date
