-- question: How often did the contacts of each group break a rule?
-- grain: one row per group with contacts in the period
-- uses: compliance/grouped_contacts
-- columns: group_name, team, n_contacts, n_breaching, n_unknown, n_debtors, breach_squares, rate, rate_low, rate_high
--   group_name: the collector or team; empty where the book does not say
--   team: team as the log names it; of a group with several, the last by name
--   n_unknown: of these, not assessable by at least one rule and in breach of none
--   n_debtors: debtors with a breaching contact
--   rate ratio: n_breaching / n_contacts
-- notes: contacts of one debtor are not independent: limits are Wilson's at the number of independent contacts that would be as
--   sure as the ratio of sums over debtors is, at most n_contacts; where none broke a rule, for n_contacts
with by_debtor as (
    select
        group_name, debtor_key,
        max(team) as team,
        count(*) as n,
        count(*) filter (where is_breaching) as k,
        count(*) filter (where is_unknown) as u
    from grouped_contacts
    group by group_name, debtor_key
),

counted as (
    select
        group_name,
        max(team) as team,
        cast(sum(n) as bigint) as n_contacts,
        cast(sum(k) as bigint) as n_breaching,
        cast(sum(u) as bigint) as n_unknown,
        count(*) filter (where k > 0) as n_debtors,
        cast(sum(k * k) as bigint) as breach_squares,
        cast(sum(k) as double) / sum(n) as rate,
        count(*) as n_groups,
        cast(sum(n * n) as double) as nn,
        cast(sum(k * k) as double) as kk,
        cast(sum(k * n) as double) as kn
    from by_debtor
    group by group_name
),

sized as (
    select *, macros.independent_n(rate, cast(n_contacts as double), n_groups, kk, kn, nn) as n
    from counted
)

select
    group_name, team, n_contacts, n_breaching, n_unknown, n_debtors, breach_squares, rate,
    greatest(0.0, macros.share_low(rate, n)) as rate_low,
    least(1.0, macros.share_high(rate, n)) as rate_high
from sized
