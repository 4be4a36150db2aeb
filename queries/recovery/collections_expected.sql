-- question: How much did each entry cohort pay by as_of, against what the cohorts before it had paid at the same age?
-- grain: one row per currency and cohort of the last cohorts that are still paying, newest first
-- uses: recovery/bucket_entries, recovery/entry_payments
-- params:
--   n_cohorts integer = 6: how many cohorts are compared, each with those before it
--     range: 1 to 120
-- columns: currency, cohort, n_accounts, entered_balance, n_cohorts_before, collected, expected, shortfall
--   n_accounts: accounts that entered
--   collected: payments less reversals since entry, for each account at most its balance at entry
--   expected money: entered_balance times the share that the cohorts before had collected at the same age; null without any
-- notes: each account is compared at its own age at as_of, so a cohort of this month counts in full. What the earlier cohorts
--   paid is pooled by balance. It is what the past would have given, not a target, and says nothing about why
with ages as (
    select
        currency, cohort, entered_on,
        $as_of - entered_on as age,
        count(*) as n_accounts,
        sum(entered_balance) as entered_balance
    from bucket_entries
    where entered_on <= $as_of
    group by currency, cohort, entered_on
),

recent as (
    select
        currency, cohort, entered_on, age, n_accounts, entered_balance,
        dense_rank() over (partition by currency order by cohort desc) as nth
    from ages
),

paid as (
    select currency, cohort, entered_on, days_since_entry, sum(counted) as counted
    from entry_payments
    group by currency, cohort, entered_on, days_since_entry
),

earlier_balance as (
    select
        recent.currency, recent.entered_on,
        count(distinct ages.cohort) as n_cohorts,
        sum(ages.entered_balance) as entered_balance
    from recent
    inner join ages
        on recent.currency = ages.currency and recent.cohort > ages.cohort and recent.age <= ages.age
    where recent.nth <= $n_cohorts
    group by recent.currency, recent.entered_on
),

earlier_paid as (
    select recent.currency, recent.entered_on, sum(paid.counted) as counted
    from recent
    inner join paid
        on recent.currency = paid.currency and recent.cohort > paid.cohort and recent.age >= paid.days_since_entry
    where recent.nth <= $n_cohorts
    group by recent.currency, recent.entered_on
),

by_entry as (
    select
        recent.currency, recent.cohort, recent.n_accounts, recent.entered_balance, earlier_balance.n_cohorts,
        cast(recent.entered_balance as double)
        * macros.ratio(coalesce(earlier_paid.counted, 0), earlier_balance.entered_balance) as expected
    from recent
    left join earlier_balance
        on recent.currency = earlier_balance.currency and recent.entered_on = earlier_balance.entered_on
    left join earlier_paid
        on recent.currency = earlier_paid.currency and recent.entered_on = earlier_paid.entered_on
    where recent.nth <= $n_cohorts
),

expected_by as (
    select
        currency, cohort,
        sum(n_accounts) as n_accounts,
        sum(entered_balance) as entered_balance,
        coalesce(min(n_cohorts), 0) as n_cohorts_before,
        case when bool_and(expected is not null) then cast(sum(expected) as decimal(38, 2)) end as expected
    from by_entry
    group by currency, cohort
),

collected_by as (
    select currency, cohort, sum(counted) as collected
    from paid
    group by currency, cohort
)

select
    expected_by.currency, expected_by.cohort,
    cast(expected_by.n_accounts as bigint) as n_accounts,
    expected_by.entered_balance, expected_by.n_cohorts_before,
    cast(coalesce(collected_by.collected, 0) as decimal(38, 2)) as collected,
    expected_by.expected,
    cast(expected_by.expected - coalesce(collected_by.collected, 0) as decimal(38, 2)) as shortfall
from expected_by
left join collected_by on expected_by.currency = collected_by.currency and expected_by.cohort = collected_by.cohort
order by expected_by.currency, expected_by.cohort desc
