-- question: How often is an overdue account contacted on a day, in each stage and risk grade?
-- grain: one row per stage and risk grade that had overdue account-days in the period
-- uses: process/intensity_accounts
-- columns:
--   stage text: M1, M2-M3 or later
--   risk_grade text: the lender's own at the last snapshot up to to_date; unknown where there is none
--   n_accounts integer: accounts with such days
--   account_days integer: days on which they were overdue in that stage
--   n_attempts integer: contacts and attempts to the debtor on these days
--   n_calls integer: of these, calls
--   per_day ratio: n_attempts / account_days
--   per_day_low ratio: lower 95 % limit, accounts as the units of a ratio; null with fewer than two
--   per_day_high ratio: upper 95 % limit
-- notes: replies and statutory notices are not counted. as_of must be to_date or later
with last_seen as (
    select
        account_key,
        max(as_of) as as_of
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
        stage,
        risk_grade,
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
    select
        *,
        sqrt(cast(n as double) / nullif(n - 1, 0) * greatest(aa - 2 * rate * ad + rate * rate * dd, 0)) / sum_d as se
    from summed
)

select
    stage,
    risk_grade,
    n as n_accounts,
    cast(sum_d as bigint) as account_days,
    cast(sum_a as bigint) as n_attempts,
    cast(sum_calls as bigint) as n_calls,
    rate as per_day,
    case when n > 1 then greatest(rate - 1.959964 * se, 0) end as per_day_low,
    rate + 1.959964 * se as per_day_high
from spread
order by case stage when 'M1' then 1 when 'M2-M3' then 2 else 3 end, risk_grade
