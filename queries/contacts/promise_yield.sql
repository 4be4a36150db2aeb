-- question: Of the right-party contacts of each week, how many ended in a promise, and how many in one that was kept?
-- grain: one row per week with right-party contacts, or one row for the whole period
-- uses: contacts/yield_contacts
-- params:
--   by_week boolean = true: false for the whole period as one row
-- columns:
--   week date: the Monday of the week of the contact; from_date where the period is one row
--   n_right_party integer: outbound contacts in which the debtor was reached
--   n_promising integer: of these, with a promise
--   n_kept integer: of these, with a promise that was kept by as_of
--   n_pending integer: of those with a promise, with one that is still pending and none kept
--   n_debtors integer: debtors reached
--   share_promising ratio: n_promising / n_right_party, the promise rate; null where no promise in the book names its contact
--   share_kept ratio: n_kept / n_promising; null where nothing was promised
--   kept_per_contact ratio: n_kept / n_right_party, equal to the promise rate x share_kept
--   kept_low ratio: lower 95 % limit of kept_per_contact, see notes
--   kept_high ratio: upper 95 % limit
--   is_complete boolean: whether nothing of the week (or period) is pending and its seven days lie in the period
-- notes: a promise made easily is kept seldom; the product shows it. A contact with several promises counts once. A promise that
--   was withdrawn stays a promise that was not kept. A week that is not complete reads low and is not to be drawn.
--   Limits are Wilson's at the number of independent contacts that would be as sure as the ratio of sums over debtors is, at most
--   n_right_party
with linked as (
    select count(contact_id) > 0 as has_links
    from promises
),

by_debtor as (
    select
        case when $by_week then cast(date_trunc('week', contacted_on) as date) else $from_date end as week,
        debtor_key,
        count(*) as n,
        count(*) filter (where is_promising) as p,
        count(*) filter (where is_kept) as k,
        count(*) filter (where is_pending) as pending
    from yield_contacts
    group by case when $by_week then cast(date_trunc('week', contacted_on) as date) else $from_date end, debtor_key
),

summed as (
    select
        week,
        count(*) as n_debtors,
        cast(sum(n) as bigint) as n_right_party,
        cast(sum(p) as bigint) as n_promising,
        cast(sum(k) as bigint) as n_kept,
        cast(sum(pending) as bigint) as n_pending,
        cast(sum(n) as double) as n,
        cast(sum(k) as double) / cast(sum(n) as double) as r,
        cast(sum(n * n) as double) as nn,
        cast(sum(k * k) as double) as kk,
        cast(sum(k * n) as double) as kn,
        1.959964 * 1.959964 as z2
    from by_debtor
    group by week
),

sized as (
    select
        *,
        least(n, nullif(r * (1 - r), 0) * n * n / nullif(
            cast(n_debtors as double) / nullif(n_debtors - 1, 0) * greatest(kk - 2 * r * kn + r * r * nn, 0), 0
        )) as n_sure
    from summed
),

spread as (
    select
        *,
        (r + z2 / (2 * n_sure)) / (1 + z2 / n_sure) as middle,
        sqrt(z2 * (r * (1 - r) / n_sure + z2 / (4 * n_sure * n_sure))) / (1 + z2 / n_sure) as reach
    from sized
)

select
    spread.week,
    spread.n_right_party,
    case when linked.has_links then spread.n_promising end as n_promising,
    case when linked.has_links then spread.n_kept end as n_kept,
    case when linked.has_links then spread.n_pending end as n_pending,
    spread.n_debtors,
    case when linked.has_links then spread.n_promising / spread.n end as share_promising,
    case when linked.has_links then cast(spread.n_kept as double) / nullif(spread.n_promising, 0) end as share_kept,
    case when linked.has_links then spread.r end as kept_per_contact,
    case
        when linked.has_links then greatest(0.0, spread.middle - spread.reach)
    end as kept_low,
    case
        when linked.has_links then least(1.0, spread.middle + spread.reach)
    end as kept_high,
    spread.n_pending = 0
    and (not $by_week or (spread.week >= $from_date and spread.week + 6 <= $to_date)) as is_complete
from spread
cross join linked
order by spread.week
