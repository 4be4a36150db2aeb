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
--   rate ratio: n_breaching / n_contacts
--   rate_low ratio: lower Wilson 95 % limit
--   rate_high ratio: upper Wilson 95 % limit
with named as (
    select
        *,
        case $grouping_by when 'channel' then channel when 'agency' then agency_id else team end as group_name
    from breaching_contacts
),

counted as (
    select
        group_name,
        count(*) as n_contacts,
        count(*) filter (where n_breach > 0) as n_breaching,
        count(*) filter (where n_breach = 0 and n_unknown > 0) as n_unknown,
        count(distinct case when n_breach > 0 then debtor_key end) as n_debtors,
        cast(count(*) as double) as n,
        cast(count(*) filter (where n_breach > 0) as double) / count(*) as rate,
        1.959964 * 1.959964 as z2
    from named
    group by group_name
)

select
    group_name,
    n_contacts,
    n_breaching,
    n_unknown,
    n_debtors,
    rate,
    greatest(0.0, (rate + z2 / (2 * n) - sqrt(z2 * (rate * (1 - rate) / n + z2 / (4 * n * n)))) / (1 + z2 / n)) as rate_low,
    (rate + z2 / (2 * n) + sqrt(z2 * (rate * (1 - rate) / n + z2 / (4 * n * n)))) / (1 + z2 / n) as rate_high
from counted
order by n_breaching desc, n_contacts desc, group_name
