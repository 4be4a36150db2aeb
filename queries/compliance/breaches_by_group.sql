-- question: Which teams, channels or agencies did the breaching contacts come from?
-- grain: one row per team, channel or agency with contacts in the period
-- uses: compliance/breaching_contacts
-- params:
--   grouping_by text = team: team, channel or agency
-- columns:
--   group_name text: the team, channel or agency; empty where the log does not say, or for own staff
--   n_contacts integer: outbound contacts
--   n_breaching integer: of these, in breach of at least one rule
--   n_unknown integer: of these, not assessable by at least one rule and in breach of none
--   n_debtors integer: debtors with a breaching contact
--   breach_squares integer: sum over debtors of the square of their breaching contacts
--   rate ratio: n_breaching / n_contacts
--   rate_low ratio: lower 95 % limit, see notes
--   rate_high ratio: upper 95 % limit
-- notes: contacts of one debtor are not independent: limits are Wilson's at the number of independent contacts that would be as
--   sure as the ratio of sums over debtors is, at most n_contacts; where none broke a rule, for n_contacts
with named as (
    select
        *,
        case $grouping_by when 'channel' then channel when 'agency' then agency_id else team end as group_name
    from breaching_contacts
),

by_debtor as (
    select
        group_name,
        debtor_key,
        count(*) as n,
        count(*) filter (where n_breach > 0) as k,
        count(*) filter (where n_breach = 0 and n_unknown > 0) as u
    from named
    group by group_name, debtor_key
),

counted as (
    select
        group_name,
        cast(sum(n) as bigint) as n_contacts,
        cast(sum(k) as bigint) as n_breaching,
        cast(sum(u) as bigint) as n_unknown,
        count(*) filter (where k > 0) as n_debtors,
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
    n_contacts,
    n_breaching,
    n_unknown,
    n_debtors,
    breach_squares,
    rate,
    greatest(0.0, mid - reach) as rate_low,
    least(1.0, mid + reach) as rate_high
from wilson
order by n_breaching desc, n_contacts desc, group_name
