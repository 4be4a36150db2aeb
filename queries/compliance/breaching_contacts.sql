-- question: Which contacts of the period broke a rule, or cannot be judged by one?
-- grain: one row per contact of the period, both directions
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
--   pack_id text = all: the rule pack
--     one of: packs, all
--   rule_id text = all: the rule
--     one of: rules, all
-- columns: contact_key, debtor_key, local_date, channel, team, agency_id, is_midnight, n_breach, n_unknown, n_contacts
--   n_breach: findings of breach on it
--   n_unknown: findings of not assessable on it
--   n_contacts: 1
with found as (
    select
        contact_key,
        count(*) filter (where verdict = 'breach') as n_breach,
        count(*) filter (where verdict = 'unknown') as n_unknown
    from findings
    where
        local_date between $from_date and $to_date
        and ($pack_id = 'all' or pack_id = $pack_id)
        and ($rule_id = 'all' or rule_id = $rule_id)
    group by contact_key
)

select
    contacts.contact_key, contacts.debtor_key, contacts.local_date, contacts.channel, contacts.team,
    contacts.firm as agency_id,
    coalesce(contacts.local_time = time '00:00:00', false) as is_midnight,
    coalesce(found.n_breach, 0) as n_breach,
    coalesce(found.n_unknown, 0) as n_unknown,
    cast(1 as bigint) as n_contacts
from contacts
left join found on contacts.contact_key = found.contact_key
where contacts.local_date between $from_date and $to_date and (contacts.direction = 'out' or found.contact_key is not null)
