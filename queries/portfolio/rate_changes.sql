-- question: Did the overdue rate and the 90+ share really move between two snapshot days?
-- grain: one row per currency and rate
-- params:
--   from_date date: the earlier snapshot day
--   to_date date: the later snapshot day
-- columns:
--   currency text: ISO 4217 code
--   rate text: overdue_balance, overdue_accounts, ninety_plus_balance or ninety_plus_accounts
--   n_accounts integer: accounts on the book at to_date
--   share_from ratio: the rate at from_date; null where there was nothing
--   share_to ratio: the rate at to_date
--   share_low ratio: lower 95 % limit of share_to
--   share_high ratio: upper 95 % limit of share_to
--   change ratio: share_to - share_from
--   change_low ratio: lower 95 % limit of the change, accounts matched over the two days
--   change_high ratio: upper 95 % limit of the change
-- notes: limits are those of a ratio of sums, linearised, accounts as the sample of what the book could have been;
--   the change is paired account by account, so accounts that stand in both days do not count as independent
with standing as (
    select
        accounts.currency,
        snapshots.account_key,
        snapshots.as_of,
        cast(snapshots.balance as double) as balance,
        cast(buckets.bucket_no > 0 as integer) as is_overdue,
        cast(snapshots.days_past_due > 90 as integer) as is_90_plus
    from snapshots
    inner join accounts on snapshots.account_key = accounts.account_key
    inner join buckets on snapshots.state = buckets.bucket
    where snapshots.as_of in ($from_date, $to_date)
),

measured as (
    select
        currency,
        account_key,
        as_of,
        'overdue_balance' as rate,
        balance * is_overdue as part,
        balance as whole
    from standing

    union all

    select
        currency,
        account_key,
        as_of,
        'overdue_accounts' as rate,
        cast(is_overdue as double) as part,
        cast(1 as double) as whole
    from standing

    union all

    select
        currency,
        account_key,
        as_of,
        'ninety_plus_balance' as rate,
        balance * is_90_plus as part,
        balance as whole
    from standing

    union all

    select
        currency,
        account_key,
        as_of,
        'ninety_plus_accounts' as rate,
        cast(is_90_plus as double) as part,
        cast(1 as double) as whole
    from standing
),

totals as (
    select
        currency,
        rate,
        as_of,
        count(*) as n_accounts,
        sum(part) as part,
        sum(whole) as whole,
        sum(part) / nullif(sum(whole), 0) as share
    from measured
    group by currency, rate, as_of
),

pulls as (
    select
        measured.currency,
        measured.rate,
        measured.account_key,
        sum(
            (measured.part - totals.share * measured.whole) / nullif(totals.whole, 0)
            * (case when measured.as_of = $to_date then 1 else -1 end)
        ) as pull_change,
        sum(
            case
                when measured.as_of = $to_date
                    then (measured.part - totals.share * measured.whole) / nullif(totals.whole, 0)
            end
        ) as pull_to
    from measured
    inner join totals
        on measured.currency = totals.currency and measured.rate = totals.rate and measured.as_of = totals.as_of
    group by measured.currency, measured.rate, measured.account_key
),

spreads as (
    select
        currency,
        rate,
        1.959964 * sqrt(sum(pull_to * pull_to)) as half_width,
        1.959964 * sqrt(sum(pull_change * pull_change)) as half_width_change
    from pulls
    group by currency, rate
)

select
    later.currency,
    later.rate,
    later.n_accounts,
    earlier.share as share_from,
    later.share as share_to,
    greatest(later.share - spreads.half_width, 0) as share_low,
    least(later.share + spreads.half_width, 1) as share_high,
    later.share - earlier.share as change,
    later.share - earlier.share - spreads.half_width_change as change_low,
    later.share - earlier.share + spreads.half_width_change as change_high
from totals as later
inner join spreads on later.currency = spreads.currency and later.rate = spreads.rate
left join totals as earlier
    on later.currency = earlier.currency and later.rate = earlier.rate and earlier.as_of = $from_date
where later.as_of = $to_date
order by later.currency, later.rate
