-- question: How often is an overdue account contacted on a day, in each stage and risk grade?
-- grain: one row per stage and risk grade that had overdue account-days in the period
-- uses: process/intensity_accounts
-- columns: stage, risk_grade, n_accounts, account_days, n_attempts, n_calls, per_day, per_day_low, per_day_high
--   risk_grade: the lender's own at the last snapshot up to to_date; unknown where there is none
--   n_accounts: accounts with such days
--   account_days: days on which they were overdue in that stage
--   n_attempts: contacts and attempts to the debtor on these days
--   per_day_low: lower 95 % limit, accounts as the units of a ratio; null with fewer than two
-- notes: days after a write-off are a stage of their own, written_off. Replies and statutory notices are not counted. as_of must
--   be to_date or later
with last_seen as (
    select account_key, max(as_of) as as_of
    from snapshots
    where as_of <= $to_date
    group by account_key
),

per_account as (
    select
        intensity_accounts.stage,
        coalesce(snapshots.risk_grade, 'unknown') as risk_grade,
        cast(intensity_accounts.account_days as double) as d,
        cast(intensity_accounts.n_attempts as double) as a,
        intensity_accounts.n_calls as calls
    from intensity_accounts
    left join last_seen on intensity_accounts.account_key = last_seen.account_key
    left join snapshots on last_seen.account_key = snapshots.account_key and last_seen.as_of = snapshots.as_of
),

summed as (
    select
        stage, risk_grade,
        count(*) as n,
        sum(d) as sum_d,
        sum(a) as sum_a,
        sum(calls) as sum_calls,
        sum(a) / sum(d) as rate,
        sum(a * a) as aa,
        sum(a * d) as ad,
        sum(d * d) as dd
    from per_account
    group by stage, risk_grade
),

spread as (
    select *, sqrt(macros.few_groups(n) * macros.residual_squares(rate, aa, ad, dd)) / sum_d as se
    from summed
)

select
    stage, risk_grade, n as n_accounts,
    cast(sum_d as bigint) as account_days,
    cast(sum_a as bigint) as n_attempts,
    cast(sum_calls as bigint) as n_calls,
    rate as per_day,
    case when n > 1 then greatest(rate - macros.z_95() * se, 0) end as per_day_low,
    rate + macros.z_95() * se as per_day_high
from spread
order by case stage when 'M1' then 1 when 'M2-M3' then 2 when 'later' then 3 else 4 end, risk_grade
