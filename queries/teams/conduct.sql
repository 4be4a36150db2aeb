-- question: How often did the contacts of each collector or team break a rule?
-- grain: one row per collector or team with outbound contacts in the period
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
--   grouping_by text = collector: collector or team
-- columns:
--   group_name text: the collector or team; empty where the log does not say
--   team text: team as the log names it; of a collector with several, the last by name
--   n_contacts integer: outbound contacts
--   n_breaching integer: of these, in breach of at least one rule
--   n_unknown integer: of these, not assessable by at least one rule and in breach of none
--   rate ratio: n_breaching / n_contacts
--   rate_low ratio: lower Wilson 95 % limit
--   rate_high ratio: upper Wilson 95 % limit
-- notes: all rule packs together, as judged when the book was built. Contacts that the log gives to nobody (most messages) are
--   one row without a name
with found as (
    select
        contact_key,
        count(*) filter (where verdict = 'breach') as n_breach,
        count(*) filter (where verdict = 'unknown') as n_unknown
    from findings
    where local_date between $from_date and $to_date
    group by contact_key
),

counted as (
    select
        case when $grouping_by = 'team' then contacts.team else contacts.collector_id end as group_name,
        max(contacts.team) as team,
        count(*) as n_contacts,
        count(*) filter (where found.n_breach > 0) as n_breaching,
        count(*) filter (where coalesce(found.n_breach, 0) = 0 and found.n_unknown > 0) as n_unknown,
        cast(count(*) as double) as n,
        cast(count(*) filter (where found.n_breach > 0) as double) / count(*) as rate,
        1.959964 * 1.959964 as z2
    from contacts
    left join found on contacts.contact_key = found.contact_key
    where contacts.direction = 'out' and contacts.local_date between $from_date and $to_date
    group by case when $grouping_by = 'team' then contacts.team else contacts.collector_id end
)

select
    group_name,
    team,
    n_contacts,
    n_breaching,
    n_unknown,
    rate,
    greatest(0.0, (rate + z2 / (2 * n) - sqrt(z2 * (rate * (1 - rate) / n + z2 / (4 * n * n)))) / (1 + z2 / n)) as rate_low,
    least(1.0, (rate + z2 / (2 * n) + sqrt(z2 * (rate * (1 - rate) / n + z2 / (4 * n * n)))) / (1 + z2 / n)) as rate_high
from counted
order by group_name
