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
--   change_low ratio: lower 95 % limit of the change, accounts matched over the two days; null where no account moved
--   change_high ratio: upper 95 % limit of the change
-- notes: accounts are the sample of what the book could have been. A share's limits are Wilson's at the number of equal accounts
--   that would be as sure as the linearised ratio of sums is, and at no more than Kish's number (sum of balances squared over sum
--   of squares): a few large accounts are few. The change is a linearised ratio of sums, paired account by account, so accounts
--   that stand in both days do not count as independent
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
        standing.currency,
        standing.account_key,
        standing.as_of,
        rates.rate,
        case when starts_with(rates.rate, 'overdue') then standing.is_overdue else standing.is_90_plus end
        * case when ends_with(rates.rate, 'balance') then standing.balance else 1 end as part,
        case when ends_with(rates.rate, 'balance') then standing.balance else 1 end as whole
    from standing
    cross join (
        values ('overdue_balance'), ('overdue_accounts'), ('ninety_plus_balance'), ('ninety_plus_accounts')
    ) as rates (rate)
),

totals as (
    select
        currency,
        rate,
        as_of,
        count(*) as n_accounts,
        sum(part) as part,
        sum(whole) as whole,
        sum(part) / nullif(sum(whole), 0) as share,
        sum(whole) * sum(whole) / nullif(sum(whole * whole), 0) as kish
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
        sum(pull_to * pull_to) as variance,
        nullif(1.959964 * sqrt(sum(pull_change * pull_change)), 0) as half_width_change
    from pulls
    group by currency, rate
),

limited as (
    select
        later.*,
        spreads.half_width_change,
        1.959964 * 1.959964 as z2,
        least(later.kish, later.share * (1 - later.share) / nullif(spreads.variance, 0)) as n
    from totals as later
    inner join spreads on later.currency = spreads.currency and later.rate = spreads.rate
    where later.as_of = $to_date
),

wilson as (
    select
        *,
        (share + z2 / (2 * n)) / (1 + z2 / n) as mid,
        sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n) as reach
    from limited
)

select
    wilson.currency,
    wilson.rate,
    wilson.n_accounts,
    earlier.share as share_from,
    wilson.share as share_to,
    greatest(wilson.mid - wilson.reach, 0) as share_low,
    least(wilson.mid + wilson.reach, 1) as share_high,
    wilson.share - earlier.share as change,
    wilson.share - earlier.share - wilson.half_width_change as change_low,
    wilson.share - earlier.share + wilson.half_width_change as change_high
from wilson
left join totals as earlier
    on wilson.currency = earlier.currency and wilson.rate = earlier.rate and earlier.as_of = $from_date
order by wilson.currency, wilson.rate
