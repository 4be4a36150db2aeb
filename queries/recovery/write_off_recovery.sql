-- question: Of what was written off in one month, how much came back by each age, by the three usual definitions?
-- grain: one row per currency, month of write-off and age: 0, 30, 60 ... and horizon_days itself
-- uses: recovery/write_offs
-- params:
--   horizon_days integer = 360: last age
--     range: 0 to 3660
--   fee_share ratio = 0.0: share of what is collected that agencies or courts keep
--     range: 0 to 1
-- columns: currency, cohort, days_since, n_accounts, written_off_balance, collected, fees, recovery_gross, recovery_net,
--   recovery_mean, is_complete
--   cohort: first day of the month of the write-off
--   n_accounts: accounts written off; stays the same along the curve
--   collected: payments less reversals after the write-off, not capped: interest may be paid too
--   is_complete: whether every account of the cohort is that old at as_of and the cohort's month is over
-- notes: recovery_gross is collected / written_off_balance; recovery_net takes fees off, which are fee_share of what is
--   collected, because no table of a book holds what an agency kept; recovery_mean is the mean of the accounts' own shares, in
--   which a small account weighs as much as a large one. The three differ: say which one a price was made by
with cohorts as (
    select
        currency, cohort,
        count(*) as n_accounts,
        sum(written_off_balance) as written_off_balance,
        max(written_off_on) as last_day
    from write_offs
    group by currency, cohort
),

grid as (
    select cast(days as bigint) as days_since
    from (select unnest(generate_series(0, cast($horizon_days as bigint), 30)) as days) as thirties

    union

    select cast($horizon_days as bigint) as days_since
),

by_account as (
    select
        write_offs.currency, write_offs.cohort, grid.days_since, write_offs.account_key,
        any_value(write_offs.written_off_balance) as written_off_balance,
        sum(payments.net_amount) as collected
    from write_offs
    cross join grid
    inner join payments
        on
            write_offs.account_key = payments.account_key
            and write_offs.written_off_on < payments.paid_on
            and write_offs.written_off_on + cast(grid.days_since as integer) >= payments.paid_on
    where payments.paid_on <= $as_of
    group by write_offs.currency, write_offs.cohort, grid.days_since, write_offs.account_key
),

summed as (
    select
        currency, cohort, days_since,
        sum(collected) as collected,
        sum(macros.ratio(collected, written_off_balance)) as shares
    from by_account
    group by currency, cohort, days_since
),

dated as (
    select
        cohorts.currency, cohorts.cohort, grid.days_since, cohorts.n_accounts, cohorts.written_off_balance,
        coalesce(summed.collected, 0) as collected,
        coalesce(summed.shares, 0) as shares,
        cohorts.last_day + cast(grid.days_since as integer) <= $as_of
        and last_day(cohorts.cohort) <= $as_of as is_complete
    from cohorts
    cross join grid
    left join summed
        on
            cohorts.currency = summed.currency
            and cohorts.cohort = summed.cohort
            and grid.days_since = summed.days_since
)

select
    currency, cohort, days_since, n_accounts, written_off_balance,
    cast(collected as decimal(38, 2)) as collected,
    cast(round(cast(collected as double) * $fee_share, 2) as decimal(38, 2)) as fees,
    macros.ratio(collected, written_off_balance) as recovery_gross,
    macros.ratio(cast(collected as double) * (1 - $fee_share), written_off_balance) as recovery_net,
    shares / nullif(cast(n_accounts as double), 0) as recovery_mean,
    is_complete
from dated
order by currency, cohort, days_since
