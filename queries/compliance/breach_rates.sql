-- question: How many contacts broke a rule in a period, of how many, and within what limits?
-- grain: one row, also where there are no contacts
-- uses: compliance/breaching_contacts
-- columns:
--   n_contacts integer: outbound contacts of the period
--   n_breaching integer: of these, contacts that broke at least one rule
--   n_unknown integer: of these, contacts that at least one rule cannot judge and none finds in breach
--   n_findings integer: findings of breach; a contact can break several rules
--   n_debtors integer: debtors contacted
--   n_debtors_breached integer: of these, debtors with a breaching contact
--   n_debtor_days integer: days on which a debtor was contacted, summed over debtors
--   n_debtor_days_breached integer: of these, with a breaching contact
--   n_midnight integer: breaching contacts stamped 00:00:00 exactly
--   rate ratio: n_breaching / n_contacts; null where there are none
--   rate_low ratio: lower 95 % limit, see notes
--   rate_high ratio: upper 95 % limit
-- notes: contacts of one debtor are not independent: limits are Wilson's at the number of independent contacts that would be as
--   sure as the ratio of sums over debtors is, at most n_contacts. Where no contact broke a rule, or each did, there is no spread
--   to go by and they are Wilson's for n_contacts. Replies and other inbound contacts are counted only where a rule found them
with by_debtor as (
    select
        debtor_key,
        cast(count(*) as double) as n,
        cast(count(*) filter (where n_breach > 0) as double) as k
    from breaching_contacts
    group by debtor_key
),

days as (
    select
        count(*) as n_debtor_days,
        count(*) filter (where broken) as n_debtor_days_breached
    from (
        select
            debtor_key,
            local_date,
            bool_or(n_breach > 0) as broken
        from breaching_contacts
        group by debtor_key, local_date
    ) as debtor_days
),

counted as (
    select
        count(*) as n_contacts,
        count(*) filter (where n_breach > 0) as n_breaching,
        count(*) filter (where n_breach = 0 and n_unknown > 0) as n_unknown,
        cast(coalesce(sum(n_breach), 0) as bigint) as n_findings,
        count(*) filter (where n_breach > 0 and is_midnight) as n_midnight,
        cast(count(*) filter (where n_breach > 0) as double) / nullif(count(*), 0) as rate
    from breaching_contacts
),

debtors as (
    select
        count(*) as n_debtors,
        count(*) filter (where by_debtor.k > 0) as n_debtors_breached,
        sum((by_debtor.k - counted.rate * by_debtor.n) * (by_debtor.k - counted.rate * by_debtor.n))
        * count(*) / nullif(count(*) - 1, 0) / nullif(power(sum(by_debtor.n), 2), 0) as variance
    from by_debtor
    cross join counted
),

limited as (
    select
        counted.*,
        least(
            cast(nullif(counted.n_contacts, 0) as double),
            nullif(counted.rate * (1 - counted.rate), 0) / nullif(debtors.variance, 0)
        ) as n,
        1.959964 * 1.959964 as z2
    from counted
    cross join debtors
),

wilson as (
    select
        (rate + z2 / (2 * n)) / (1 + z2 / n) as mid,
        sqrt(z2 * (rate * (1 - rate) / n + z2 / (4 * n * n))) / (1 + z2 / n) as reach
    from limited
)

select
    limited.n_contacts,
    limited.n_breaching,
    limited.n_unknown,
    limited.n_findings,
    debtors.n_debtors,
    debtors.n_debtors_breached,
    days.n_debtor_days,
    days.n_debtor_days_breached,
    limited.n_midnight,
    limited.rate,
    greatest(0.0, wilson.mid - wilson.reach) as rate_low,
    least(1.0, wilson.mid + wilson.reach) as rate_high
from limited
cross join wilson
cross join debtors
cross join days
