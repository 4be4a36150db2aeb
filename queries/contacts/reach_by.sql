-- question: How often does an attempt reach the debtor, in each group?
-- grain: one row per group that has outbound contacts, or one row in all
-- uses: contacts/attempts
-- params:
--   grouping_by text = all: all, bucket, channel, hour (of the debtor's day), weekday or hour_of_week (weekday and hour)
--   bucket text = all: M0 to M7+, or as contacts/attempts has it, or all
--   channel text = all: by what means, or all
-- columns:
--   group_name text: the group; all, or empty where the log does not say
--   isodow integer: weekday, Monday 1; only by weekday and hour_of_week
--   hour integer: hour of the debtor's day; only by hour and hour_of_week
--   n_attempts integer: outbound contacts
--   n_connected integer: of these, somebody answered or the message was delivered
--   n_right_party integer: of these, the debtor was reached
--   n_unknown integer: of those connected, the log does not say who was reached
--   n_debtors integer: debtors tried
--   share_connected ratio: n_connected / n_attempts
--   connected_low ratio: lower 95 % limit
--   connected_high ratio: upper 95 % limit
--   share_right_party ratio: n_right_party / n_attempts; with n_unknown above 0 the least it can be
--   right_party_low ratio: lower 95 % limit
--   right_party_high ratio: upper 95 % limit
-- notes: attempts are the denominator, not answers and not accounts. Attempts at one debtor are not independent: limits are
--   Wilson's at the number of independent attempts that would be as sure as the ratio of sums over debtors is, at most n_attempts
with grouped as (
    select
        case $grouping_by
            when 'all' then 'all'
            when 'bucket' then bucket
            when 'channel' then channel
            when 'hour' then cast(hour as varchar)
            when 'weekday' then cast(isodow as varchar)
            else cast(isodow as varchar) || '-' || cast(hour as varchar)
        end as group_name,
        case when $grouping_by in ('weekday', 'hour_of_week') then isodow end as isodow,
        case when $grouping_by in ('hour', 'hour_of_week') then hour end as hour,
        debtor_key,
        is_connected,
        is_right_party
    from attempts
    where ($bucket = 'all' or bucket = $bucket) and ($channel = 'all' or channel = $channel)
),

by_debtor as (
    select
        group_name,
        isodow,
        hour,
        debtor_key,
        cast(count(*) as double) as n,
        cast(count(*) filter (where is_connected) as double) as c,
        cast(count(*) filter (where is_right_party) as double) as k,
        count(*) filter (where is_right_party is null) as u
    from grouped
    group by group_name, isodow, hour, debtor_key
),

summed as (
    select
        group_name,
        isodow,
        hour,
        count(*) as n_debtors,
        sum(n) as n,
        sum(c) as c,
        sum(k) as k,
        cast(sum(u) as bigint) as n_unknown,
        sum(c) / sum(n) as share_connected,
        sum(k) / sum(n) as share_right_party,
        sum(n * n) as nn,
        sum(c * c) as cc,
        sum(c * n) as cn,
        sum(k * k) as kk,
        sum(k * n) as kn,
        1.959964 * 1.959964 as z2
    from by_debtor
    group by group_name, isodow, hour
),

sized as (
    select
        *,
        least(n, nullif(share_connected * (1 - share_connected), 0) * n * n / nullif(
            cast(n_debtors as double) / nullif(n_debtors - 1, 0)
            * greatest(cc - 2 * share_connected * cn + share_connected * share_connected * nn, 0), 0
        )) as n_c,
        least(n, nullif(share_right_party * (1 - share_right_party), 0) * n * n / nullif(
            cast(n_debtors as double) / nullif(n_debtors - 1, 0)
            * greatest(kk - 2 * share_right_party * kn + share_right_party * share_right_party * nn, 0), 0
        )) as n_k
    from summed
),

wilson as (
    select
        *,
        (share_connected + z2 / (2 * n_c)) / (1 + z2 / n_c) as mid_connected,
        sqrt(z2 * (share_connected * (1 - share_connected) / n_c + z2 / (4 * n_c * n_c))) / (1 + z2 / n_c) as reach_connected,
        (share_right_party + z2 / (2 * n_k)) / (1 + z2 / n_k) as mid_right_party,
        sqrt(z2 * (share_right_party * (1 - share_right_party) / n_k + z2 / (4 * n_k * n_k)))
        / (1 + z2 / n_k) as reach_right_party
    from sized
)

select
    group_name,
    isodow,
    hour,
    cast(n as bigint) as n_attempts,
    cast(c as bigint) as n_connected,
    cast(k as bigint) as n_right_party,
    n_unknown,
    n_debtors,
    share_connected,
    greatest(0.0, mid_connected - reach_connected) as connected_low,
    least(1.0, mid_connected + reach_connected) as connected_high,
    share_right_party,
    greatest(0.0, mid_right_party - reach_right_party) as right_party_low,
    least(1.0, mid_right_party + reach_right_party) as right_party_high
from wilson
order by isodow, hour, group_name
