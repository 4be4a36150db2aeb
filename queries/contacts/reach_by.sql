-- question: How often does an attempt reach the debtor, in each group?
-- grain: one row per group that has outbound contacts, or one row in all
-- uses: contacts/attempts
-- params:
--   grouping_by text = all: what attempts are grouped by: hour of the debtor's day, weekday, or both together
--     one of: all, bucket, channel, hour, weekday, hour_of_week
--   bucket text = all: the account's bucket then
--     one of: buckets, paid_off, written_off, unknown, all
--   channel text = all: by what means
--     one of: contacts.channel, all
-- columns: group_name, isodow, hour, n_attempts, n_connected, n_right_party, n_unknown, n_debtors, share_connected,
--   connected_low, connected_high, share_right_party, right_party_low, right_party_high
--   group_name: the group; all, or empty where the log does not say
--   isodow: weekday, Monday 1; only by weekday and hour_of_week
--   hour: hour of the debtor's day; only by hour and hour_of_week
--   n_attempts: outbound contacts
--   n_right_party: of these, the debtor was reached
--   n_unknown: of those connected, the log does not say who was reached
--   n_debtors: debtors tried
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
        debtor_key, is_connected, is_right_party
    from attempts
    where ($bucket = 'all' or bucket = $bucket) and ($channel = 'all' or channel = $channel)
),

by_debtor as (
    select
        group_name, isodow, hour, debtor_key,
        cast(count(*) as double) as n,
        cast(count(*) filter (where is_connected) as double) as c,
        cast(count(*) filter (where is_right_party) as double) as k,
        count(*) filter (where is_right_party is null) as u
    from grouped
    group by group_name, isodow, hour, debtor_key
),

summed as (
    select
        group_name, isodow, hour,
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
        sum(k * n) as kn
    from by_debtor
    group by group_name, isodow, hour
),

sized as (
    select
        *,
        macros.independent_n(share_connected, n, n_debtors, cc, cn, nn) as n_c,
        macros.independent_n(share_right_party, n, n_debtors, kk, kn, nn) as n_k
    from summed
)

select
    group_name, isodow, hour,
    cast(n as bigint) as n_attempts,
    cast(c as bigint) as n_connected,
    cast(k as bigint) as n_right_party,
    n_unknown, n_debtors, share_connected,
    greatest(0.0, macros.share_low(share_connected, n_c)) as connected_low,
    least(1.0, macros.share_high(share_connected, n_c)) as connected_high,
    share_right_party,
    greatest(0.0, macros.share_low(share_right_party, n_k)) as right_party_low,
    least(1.0, macros.share_high(share_right_party, n_k)) as right_party_high
from sized
order by isodow, hour, group_name
