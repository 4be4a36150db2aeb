-- question: Of the right-party contacts of each week, how many ended in a promise, and how many in one that was kept?
-- grain: one row per week with right-party contacts, or one row for the whole period
-- uses: contacts/yield_contacts
-- params:
--   by_week boolean = true: false for the whole period as one row
-- columns: week, n_right_party, n_promising, n_kept, n_pending, n_debtors, share_promising, share_kept, kept_per_contact,
--   kept_low, kept_high, is_complete
--   n_right_party: outbound contacts in which the debtor was reached
--   n_kept: of these, with a promise that was kept by as_of
--   n_debtors: debtors reached
--   share_kept: n_kept / n_promising; null where nothing was promised
--   kept_low: lower 95 % limit of kept_per_contact, see notes
--   kept_high: upper 95 % limit
--   is_complete: whether nothing of the week (or period) is pending and its seven days lie in the period
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
        cast(sum(k * n) as double) as kn
    from by_debtor
    group by week
),

sized as (
    select *, macros.independent_n(r, n, n_debtors, kk, kn, nn) as n_sure
    from summed
)

select
    sized.week, sized.n_right_party,
    case when linked.has_links then sized.n_promising end as n_promising,
    case when linked.has_links then sized.n_kept end as n_kept,
    case when linked.has_links then sized.n_pending end as n_pending,
    sized.n_debtors,
    case when linked.has_links then sized.n_promising / sized.n end as share_promising,
    case when linked.has_links then macros.ratio(sized.n_kept, sized.n_promising) end as share_kept,
    case when linked.has_links then sized.r end as kept_per_contact,
    case when linked.has_links then greatest(0.0, macros.share_low(sized.r, sized.n_sure)) end as kept_low,
    case when linked.has_links then least(1.0, macros.share_high(sized.r, sized.n_sure)) end as kept_high,
    sized.n_pending = 0
    and (not $by_week or (sized.week >= $from_date and sized.week + 6 <= $to_date)) as is_complete
from sized
cross join linked
order by sized.week
