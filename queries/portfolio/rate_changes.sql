-- question: Did the overdue rate and the 90+ share really move between two snapshot days?
-- grain: one row per currency and rate
-- params:
--   from_date date: the earlier snapshot day
--   to_date date: the later snapshot day
-- columns: currency, rate, n_accounts, share_from, share_to, share_low, share_high, change, change_low, change_high
--   rate text: overdue_balance, overdue_accounts, ninety_plus_balance or ninety_plus_accounts
--   n_accounts: accounts on the book at to_date
-- notes: accounts are the sample of what the book could have been. A share's limits are Wilson's at the number of equal accounts
--   that would be as sure as the linearised ratio of sums is, and at no more than Kish's number (sum of balances squared over sum
--   of squares): a few large accounts are few. The change is a linearised ratio of sums, paired account by account, so accounts
--   that stand in both days do not count as independent
with standing as (
    select
        accounts.currency, snapshots.account_key, snapshots.as_of,
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
        standing.currency, standing.account_key, standing.as_of, rates.rate,
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
        currency, rate, as_of,
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
        measured.currency, measured.rate, measured.account_key,
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
        currency, rate,
        sum(pull_to * pull_to) as variance,
        nullif(macros.z_95() * sqrt(sum(pull_change * pull_change)), 0) as half_width_change
    from pulls
    group by currency, rate
),

limited as (
    select
        later.*, spreads.half_width_change,
        least(later.kish, later.share * (1 - later.share) / nullif(spreads.variance, 0)) as n
    from totals as later
    inner join spreads on later.currency = spreads.currency and later.rate = spreads.rate
    where later.as_of = $to_date
)

select
    limited.currency, limited.rate, limited.n_accounts, earlier.share as share_from, limited.share as share_to,
    greatest(macros.share_low(limited.share, limited.n), 0) as share_low,
    least(macros.share_high(limited.share, limited.n), 1) as share_high,
    limited.share - earlier.share as change,
    limited.share - earlier.share - limited.half_width_change as change_low,
    limited.share - earlier.share + limited.half_width_change as change_high
from limited
left join totals as earlier
    on limited.currency = earlier.currency and limited.rate = earlier.rate and earlier.as_of = $from_date
order by limited.currency, limited.rate
