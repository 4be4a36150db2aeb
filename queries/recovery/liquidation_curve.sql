-- question: Of the balance that entered a bucket in one month, what share was collected by each day since?
-- grain: one row per currency, cohort and day of the grid: 0, 10, 20 ... and horizon_days itself
-- uses: recovery/bucket_entries, recovery/entry_payments
-- params:
--   horizon_days integer = 180: last day of the curve
--     range: 0 to 3660
-- columns: currency, cohort, days_since_entry, n_accounts, entered_balance, collected, share_collected, is_complete
--   days_since_entry: days after each account's own entry
--   n_accounts: accounts that entered; stays the same along the curve
--   collected: payments less reversals since entry, for each account at most its balance at entry
--   is_complete: whether every account of the cohort is that old at as_of and the cohort's month is over
-- notes: accounts paid off or written off stay in the denominator. Rows that are not complete hold what was collected so far
--   from a cohort still too young; they are not to be drawn as the curve. as_of is taken at its word: past the book's last day
--   it makes curves flat
with cohorts as (
    select
        currency, cohort,
        count(*) as n_accounts,
        sum(entered_balance) as entered_balance,
        max(entered_on) as last_entry
    from bucket_entries
    group by currency, cohort
),

grid as (
    select cast(days as bigint) as days_since_entry
    from (select unnest(generate_series(0, cast($horizon_days as bigint), 10)) as days) as tens

    union

    select cast($horizon_days as bigint) as days_since_entry
    where cast($horizon_days as bigint) >= 0
),

collected_by as (
    select
        entry_payments.currency, entry_payments.cohort, grid.days_since_entry,
        sum(entry_payments.counted) as collected
    from (
        select currency, cohort, days_since_entry, sum(counted) as counted
        from entry_payments
        group by currency, cohort, days_since_entry
    ) as entry_payments
    inner join grid on entry_payments.days_since_entry <= grid.days_since_entry
    group by entry_payments.currency, entry_payments.cohort, grid.days_since_entry
)

select
    cohorts.currency, cohorts.cohort, grid.days_since_entry, cohorts.n_accounts, cohorts.entered_balance,
    cast(coalesce(collected_by.collected, 0) as decimal(38, 2)) as collected,
    macros.ratio(coalesce(collected_by.collected, 0), cohorts.entered_balance) as share_collected,
    cohorts.last_entry + cast(grid.days_since_entry as integer) <= $as_of
    and last_day(cohorts.cohort) <= $as_of as is_complete
from cohorts
cross join grid
left join collected_by
    on
        cohorts.currency = collected_by.currency
        and cohorts.cohort = collected_by.cohort
        and grid.days_since_entry = collected_by.days_since_entry
order by cohorts.currency, cohorts.cohort, grid.days_since_entry
