-- question: How many contacts broke a rule in a period, of how many, and within what limits?
-- grain: one row, also where there are no contacts
-- uses: compliance/breaching_contacts
-- columns: n_contacts, n_breaching, n_unknown, n_findings, n_debtors, n_debtors_breached, n_debtor_days,
--   n_debtor_days_breached, n_midnight, rate, rate_low, rate_high
--   n_debtors: debtors contacted
--   rate ratio: n_breaching / n_contacts; null where there are none
-- notes: contacts of one debtor are not independent: limits are Wilson's at the number of independent contacts that would be as
--   sure as the ratio of sums over debtors is, at most n_contacts. Where no contact broke a rule, or each did, there is no spread
--   to go by and they are Wilson's for n_contacts. Replies and other inbound contacts are counted only where a rule found them
with by_debtor as (
    select debtor_key, cast(count(*) as double) as n, cast(count(*) filter (where n_breach > 0) as double) as k
    from breaching_contacts
    group by debtor_key
),

days as (
    select count(*) as n_debtor_days, count(*) filter (where broken) as n_debtor_days_breached
    from (
        select debtor_key, local_date, bool_or(n_breach > 0) as broken
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
        macros.ratio(count(*) filter (where n_breach > 0), count(*)) as rate
    from breaching_contacts
),

debtors as (
    select
        count(*) as n_debtors,
        count(*) filter (where by_debtor.k > 0) as n_debtors_breached,
        sum((by_debtor.k - counted.rate * by_debtor.n) * (by_debtor.k - counted.rate * by_debtor.n))
        * macros.few_groups(count(*)) / nullif(power(sum(by_debtor.n), 2), 0) as variance
    from by_debtor
    cross join counted
),

limited as (
    select
        counted.*,
        least(
            cast(nullif(counted.n_contacts, 0) as double),
            nullif(counted.rate * (1 - counted.rate), 0) / nullif(debtors.variance, 0)
        ) as n
    from counted
    cross join debtors
)

select
    limited.n_contacts, limited.n_breaching, limited.n_unknown, limited.n_findings, debtors.n_debtors,
    debtors.n_debtors_breached, days.n_debtor_days, days.n_debtor_days_breached, limited.n_midnight, limited.rate,
    greatest(0.0, macros.share_low(limited.rate, limited.n)) as rate_low,
    least(1.0, macros.share_high(limited.rate, limited.n)) as rate_high
from limited
cross join debtors
cross join days
