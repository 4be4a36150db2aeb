-- question: How often did the contacts of each collector or team break a rule?
-- grain: one row per collector or team with outbound contacts in the period
-- uses: teams/conduct_contacts
-- columns:
--   group_name text: the collector or team; empty where the log does not say
--   team text: team as the log names it; of a collector with several, the last by name
--   n_contacts integer: outbound contacts
--   n_breaching integer: of these, in breach of at least one rule
--   n_unknown integer: of these, not assessable by at least one rule and in breach of none
--   breach_squares integer: sum over debtors of the square of their breaching contacts
--   rate ratio: n_breaching / n_contacts
--   rate_low ratio: lower 95 % limit, see notes
--   rate_high ratio: upper 95 % limit
-- notes: all rule packs together, as judged when the book was built. Contacts that the log gives to nobody (most messages) are
--   one row without a name. Contacts of one debtor are not independent: limits are Wilson's at the number of independent contacts
--   that would be as sure as the ratio of sums over debtors is, at most n_contacts; where none broke a rule, for n_contacts
with by_debtor as (
    select
        group_name,
        debtor_key,
        max(team) as team,
        count(*) as n,
        count(*) filter (where is_breaching) as k,
        count(*) filter (where is_unknown) as u
    from conduct_contacts
    group by group_name, debtor_key
),

counted as (
    select
        group_name,
        max(team) as team,
        cast(sum(n) as bigint) as n_contacts,
        cast(sum(k) as bigint) as n_breaching,
        cast(sum(u) as bigint) as n_unknown,
        cast(sum(k * k) as bigint) as breach_squares,
        cast(sum(k) as double) / sum(n) as rate,
        cast(count(*) as double) / nullif(count(*) - 1, 0) as correction,
        cast(sum(n * n) as double) as nn,
        cast(sum(k * k) as double) as kk,
        cast(sum(k * n) as double) as kn,
        1.959964 * 1.959964 as z2
    from by_debtor
    group by group_name
),

sized as (
    select
        *,
        least(
            cast(n_contacts as double),
            nullif(rate * (1 - rate), 0) * power(cast(n_contacts as double), 2)
            / nullif(correction * greatest(kk - 2 * rate * kn + rate * rate * nn, 0), 0)
        ) as n
    from counted
),

wilson as (
    select
        *,
        (rate + z2 / (2 * n)) / (1 + z2 / n) as mid,
        sqrt(z2 * (rate * (1 - rate) / n + z2 / (4 * n * n))) / (1 + z2 / n) as reach
    from sized
)

select
    group_name,
    team,
    n_contacts,
    n_breaching,
    n_unknown,
    breach_squares,
    rate,
    greatest(0.0, mid - reach) as rate_low,
    least(1.0, mid + reach) as rate_high
from wilson
order by group_name
