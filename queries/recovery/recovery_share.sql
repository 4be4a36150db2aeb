-- question: What share of all that was or became overdue in a period was collected, and how sure is that?
-- grain: one row per currency that had overdue accounts
-- uses: recovery/overdue_in_period
-- columns: currency, n_accounts, overdue_balance, collected, share_collected, share_low, share_high
--   n_accounts: accounts overdue at the opening or new in the period
--   overdue_balance: their overdue balance, each account once
--   collected: payments less reversals while overdue, for each account at most its overdue balance
--   share_collected: collected / overdue_balance; null where that is 0
--   share_low: lower 95 % limit, see notes; null for a single account, or where all paid one share that is neither 0 nor 1
--   share_high: upper 95 % limit; null likewise
-- notes: one large account that pays moves this share more than many small ones, and the limits widen accordingly: they are
--   Wilson's at the number of equal accounts that would be as sure as the ratio of sums over accounts is, with Student's quantile
--   for Kish's number (sum of balances squared over sum of squares); where each account paid all or nothing, at no more than
--   Kish's number. Accounts of one debtor are taken as independent
with totals as (
    select
        currency,
        count(*) as n_accounts,
        sum(overdue_balance) as overdue_balance,
        sum(collected) as collected,
        bool_and(collected in (0, overdue_balance)) as is_whole_or_nothing,
        power(cast(sum(overdue_balance) as double), 2)
        / nullif(sum(power(cast(overdue_balance as double), 2)), 0) as kish,
        macros.ratio(sum(collected), sum(overdue_balance)) as share_collected
    from overdue_in_period
    group by currency
),

spreads as (
    select
        totals.currency,
        macros.z_95() * sqrt(
            sum(
                power(
                    cast(overdue_in_period.collected as double)
                    - totals.share_collected * cast(overdue_in_period.overdue_balance as double),
                    2
                )
            ) * macros.few_groups(count(*))
        ) / nullif(cast(sum(overdue_in_period.overdue_balance) as double), 0) as half_width
    from overdue_in_period
    inner join totals on overdue_in_period.currency = totals.currency
    group by totals.currency
),

limited as (
    select
        totals.*, spreads.half_width,
        case when totals.share_collected between 0 and 1 then least(
            case when totals.is_whole_or_nothing then totals.kish end,
            totals.share_collected * (1 - totals.share_collected) / nullif(power(spreads.half_width / macros.z_95() * case
                when totals.is_whole_or_nothing then 1
                else
                    1 + 1.210365 / greatest(totals.kish - 1, 1.5) + 1.440077 / power(greatest(totals.kish - 1, 1.5), 2)
            end, 2), 0)
        ) end as n
    from totals
    inner join spreads on totals.currency = spreads.currency
    where totals.n_accounts > 1 and totals.overdue_balance > 0
),

wilson as (
    select
        currency,
        coalesce(macros.share_middle(share_collected, n), share_collected) as mid,
        coalesce(macros.share_reach(share_collected, n), nullif(half_width, 0)) as reach
    from limited
)

select
    totals.currency, totals.n_accounts, totals.overdue_balance, totals.collected, totals.share_collected,
    case when wilson.reach is not null then greatest(wilson.mid - wilson.reach, 0) end as share_low,
    case when wilson.reach is not null then least(wilson.mid + wilson.reach, 1) end as share_high
from totals
left join wilson on totals.currency = wilson.currency
order by totals.currency
