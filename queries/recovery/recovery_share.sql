-- question: What share of all that was or became overdue in a period was collected, and how sure is that?
-- grain: one row per currency that had overdue accounts
-- uses: recovery/overdue_in_period
-- columns:
--   currency text: ISO 4217 code
--   n_accounts integer: accounts overdue at the opening or new in the period
--   overdue_balance money: their overdue balance, each account once
--   collected money: payments less reversals while overdue, for each account at most its overdue balance
--   share_collected ratio: collected / overdue_balance; null where that is 0
--   share_low ratio: lower 95 % limit, a ratio of sums over accounts; null for a single account
--   share_high ratio: upper 95 % limit; null likewise
-- notes: one large account that pays moves this share more than many small ones, and the limits widen accordingly. Accounts of
--   one debtor are taken as independent
with totals as (
    select
        currency,
        count(*) as n_accounts,
        sum(overdue_balance) as overdue_balance,
        sum(collected) as collected,
        cast(sum(collected) as double) / nullif(cast(sum(overdue_balance) as double), 0) as share_collected
    from overdue_in_period
    group by currency
),

spreads as (
    select
        totals.currency,
        1.959964 * sqrt(
            sum(
                power(
                    cast(overdue_in_period.collected as double)
                    - totals.share_collected * cast(overdue_in_period.overdue_balance as double),
                    2
                )
            ) * count(*) / nullif(cast(count(*) as double) - 1, 0)
        ) / nullif(cast(sum(overdue_in_period.overdue_balance) as double), 0) as half_width
    from overdue_in_period
    inner join totals on overdue_in_period.currency = totals.currency
    group by totals.currency
)

select
    totals.currency,
    totals.n_accounts,
    totals.overdue_balance,
    totals.collected,
    totals.share_collected,
    case when totals.n_accounts > 1 then greatest(totals.share_collected - spreads.half_width, 0) end as share_low,
    case when totals.n_accounts > 1 then least(totals.share_collected + spreads.half_width, 1) end as share_high
from totals
inner join spreads on totals.currency = spreads.currency
order by totals.currency
