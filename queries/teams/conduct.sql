-- question: How often did the contacts of each collector or team break a rule?
-- grain: one row per collector or team with outbound contacts in the period
-- uses: teams/conduct_contacts
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
with counted as (
    select
        group_name,
        max(team) as team,
        count(*) as n_contacts,
        count(*) filter (where is_breaching) as n_breaching,
        count(*) filter (where is_unknown) as n_unknown,
        cast(count(*) as double) as n,
        cast(count(*) filter (where is_breaching) as double) / count(*) as rate,
        1.959964 * 1.959964 as z2
    from conduct_contacts
    group by group_name
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
