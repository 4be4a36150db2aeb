-- question: How much of a change in the right-party rate is the rate within bucket and channel, and how much the mix?
-- grain: one row per bucket and channel with outbound contacts in either period
-- uses: contacts/attempts
-- params:
--   split_on date: first day of the later period, which ends with to_date; the earlier one begins with from_date
--     range: from_date to to_date
--   channel text = all: by what means
--     one of: contacts.channel, all
-- columns: bucket, channel, n_before, n_after, n_right_party_before, n_right_party_after, rate_before, rate_after,
--   mix_before, mix_after, rate_part, mix_part, rate_part_variance
--   bucket: as contacts/attempts has it
--   n_before: outbound contacts before split_on
-- notes: rate_part and mix_part of all rows add up to the change of the whole rate exactly (Kitagawa, JASA 50 (1955) 1168-1194).
--   Where a bucket and channel has contacts in one period only, its rate cannot have changed: all it adds is mix. No rows where a
--   period has no contacts at all
with chosen as (
    select *, contacted_on >= $split_on as is_after
    from attempts
    where $channel = 'all' or channel = $channel
),

by_debtor as (
    select
        bucket, channel, is_after, debtor_key,
        cast(count(*) as double) as n,
        cast(count(*) filter (where is_right_party) as double) as k
    from chosen
    group by bucket, channel, is_after, debtor_key
),

cells as (
    select
        bucket, channel, is_after,
        sum(n) as n,
        sum(k) as k,
        sum(k) / sum(n) as rate,
        greatest(
            macros.ratio(count(*), count(*) - 1)
            * (
                sum(k * k) - 2 * sum(k) / sum(n) * sum(k * n)
                + sum(k) / sum(n) * sum(k) / sum(n) * sum(n * n)
            ) / (sum(n) * sum(n)),
            sum(k) / sum(n) * (1 - sum(k) / sum(n)) / sum(n)
        ) as variance
    from by_debtor
    group by bucket, channel, is_after
),

totals as (
    select sum(n) filter (where not is_after) as n_before, sum(n) filter (where is_after) as n_after
    from cells
),

paired as (
    select
        cells.bucket, cells.channel,
        coalesce(sum(cells.n) filter (where not cells.is_after), 0) as n_before,
        coalesce(sum(cells.n) filter (where cells.is_after), 0) as n_after,
        coalesce(sum(cells.k) filter (where not cells.is_after), 0) as k_before,
        coalesce(sum(cells.k) filter (where cells.is_after), 0) as k_after,
        sum(cells.rate) filter (where not cells.is_after) as rate_before,
        sum(cells.rate) filter (where cells.is_after) as rate_after,
        coalesce(sum(cells.n) filter (where not cells.is_after), 0) / totals.n_before as mix_before,
        coalesce(sum(cells.n) filter (where cells.is_after), 0) / totals.n_after as mix_after,
        sum(cells.variance) as variance,
        count(*) as n_periods
    from cells
    cross join totals
    where totals.n_before > 0 and totals.n_after > 0
    group by cells.bucket, cells.channel, totals.n_before, totals.n_after
)

select
    paired.bucket, paired.channel,
    cast(paired.n_before as bigint) as n_before,
    cast(paired.n_after as bigint) as n_after,
    cast(paired.k_before as bigint) as n_right_party_before,
    cast(paired.k_after as bigint) as n_right_party_after,
    paired.rate_before, paired.rate_after, paired.mix_before, paired.mix_after,
    coalesce((paired.mix_before + paired.mix_after) / 2 * (paired.rate_after - paired.rate_before), 0) as rate_part,
    (paired.mix_after - paired.mix_before)
    * (coalesce(paired.rate_before, paired.rate_after) + coalesce(paired.rate_after, paired.rate_before)) / 2 as mix_part,
    case
        when paired.n_periods = 2
            then (paired.mix_before + paired.mix_after) * (paired.mix_before + paired.mix_after) / 4 * paired.variance
        else 0.0
    end as rate_part_variance
from paired
left join buckets on paired.bucket = buckets.bucket
order by coalesce(buckets.bucket_no, 99), paired.bucket, paired.channel
