-- question: Of the accounts opened in one month, how much is bad at each age in months?
-- grain: one row per currency, cohort and month on book that has a close
-- uses: portfolio/month_closes
-- params:
--   as_of date: nothing after this day is used
--   min_bucket text = M2: first bucket that counts as bad
--     one of: overdue_buckets
--   ever boolean = true: true counts accounts that were bad at that age or earlier, false those that are bad at that age
-- columns: currency, cohort, months_on_book, n_accounts, opened_amount, n_bad, bad_balance, share_accounts, share_balance,
--   is_complete
--   cohort: first day of the month in which the accounts were opened
--   n_accounts: accounts of the cohort
--   share_accounts: n_bad / n_accounts
--   share_balance: bad_balance / opened_amount; null where that is 0
--   is_complete: whether the book has all it takes: with ever, every close since opening
-- notes: the close of a month is a snapshot day as portfolio/month_closes has it: a month-end, a last business day, a first of
--   the next month. Written-off accounts are bad at the balance last seen; accounts paid off are not bad and stay in the
--   denominator
with cohorts as (
    select
        currency,
        cast(date_trunc('month', opened_on) as date) as cohort,
        count(*) as n_accounts,
        sum(original_amount) as opened_amount
    from accounts
    where opened_on <= $as_of
    group by currency, cast(date_trunc('month', opened_on) as date)
),

first_close as (
    select min(month_start) as month_start
    from month_closes
),

ages as (
    select
        cohorts.currency, cohorts.cohort, month_closes.as_of,
        macros.calendar_months(cohorts.cohort, month_closes.month_start) as months_on_book
    from cohorts
    inner join month_closes on cohorts.cohort <= month_closes.month_start
),

bad_rows as (
    select
        accounts.currency, snapshots.account_key, snapshots.as_of,
        cast(date_trunc('month', accounts.opened_on) as date) as cohort,
        case
            when snapshots.state = 'written_off' and snapshots.balance = 0
                then coalesce(lag(snapshots.balance) over (
                    partition by snapshots.account_key order by snapshots.as_of
                ), 0)
            else snapshots.balance
        end as balance,
        snapshots.state = 'written_off' or buckets.bucket_no >= threshold.bucket_no as is_bad
    from snapshots
    inner join accounts on snapshots.account_key = accounts.account_key
    inner join buckets as threshold on threshold.bucket = $min_bucket
    left join buckets on snapshots.state = buckets.bucket
    where snapshots.as_of in (select month_closes.as_of from month_closes)
),

first_bad as (
    select
        currency, account_key, cohort, as_of, balance,
        row_number() over (partition by account_key order by as_of) as nth_bad
    from bad_rows
    where is_bad
),

counted as (
    select
        ages.currency, ages.cohort, ages.months_on_book, ages.as_of,
        count(first_bad.account_key) as n_bad,
        coalesce(sum(first_bad.balance), 0) as bad_balance
    from ages
    left join first_bad
        on
            ages.currency = first_bad.currency
            and ages.cohort = first_bad.cohort
            and (
                ($ever and first_bad.nth_bad = 1 and ages.as_of >= first_bad.as_of)
                or (not $ever and ages.as_of = first_bad.as_of)
            )
    group by ages.currency, ages.cohort, ages.months_on_book, ages.as_of
)

select
    cohorts.currency, cohorts.cohort, counted.months_on_book, cohorts.n_accounts, cohorts.opened_amount, counted.n_bad,
    counted.bad_balance,
    macros.ratio(counted.n_bad, cohorts.n_accounts) as share_accounts,
    macros.ratio(counted.bad_balance, cohorts.opened_amount) as share_balance,
    not $ever or cohorts.cohort >= first_close.month_start as is_complete
from counted
inner join cohorts on counted.currency = cohorts.currency and counted.cohort = cohorts.cohort
cross join first_close
order by cohorts.currency, cohorts.cohort, counted.months_on_book
