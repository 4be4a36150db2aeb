-- question: How often is an overdue account contacted on a day, in each stage and risk grade?
-- grain: one row per stage and risk grade that had overdue account-days in the period
-- uses: process/contact_stages
-- params:
--   from_date date: first day
--   to_date date: last day, included
--   early_days integer = 30: last day past due of the early stage (M1)
--   middle_days integer = 90: last day past due of the middle stage (M2-M3)
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
with bounds as (
    select
        'M1' as stage,
        1 as from_days,
        cast($early_days as integer) as to_days
    union all
    select
        'M2-M3' as stage,
        cast($early_days as integer) + 1 as from_days,
        cast($middle_days as integer) as to_days
    union all
    select
        'later' as stage,
        cast($middle_days as integer) + 1 as from_days,
        100000 as to_days
),

spans as (
    select
        overdue_stretches.account_key,
        bounds.stage,
        greatest(overdue_stretches.from_on, $from_date, overdue_stretches.oldest_due_on + bounds.from_days) as start_on,
        case
            when
                overdue_stretches.oldest_due_on + bounds.to_days
                < case
                    when coalesce(overdue_stretches.to_on, $to_date) < $to_date then overdue_stretches.to_on else $to_date
                end
                then overdue_stretches.oldest_due_on + bounds.to_days
            when coalesce(overdue_stretches.to_on, $to_date) < $to_date then overdue_stretches.to_on
            else $to_date
        end as end_on
    from overdue_stretches
    cross join bounds
    where overdue_stretches.from_on <= $to_date and coalesce(overdue_stretches.to_on, $to_date) >= $from_date
),

days as (
    select
        account_key,
        stage,
        sum(end_on - start_on + 1) as d
    from spans
    where end_on >= start_on
    group by account_key, stage
),

attempts as (
    select
        account_key,
        stage,
        count(*) as a,
        count(*) filter (where channel = 'call') as calls
    from contact_stages
    where
        direction = 'out'
        and is_to_debtor
        and days_past_due is not null
        and purpose not in ('reply', 'statutory_notice')
        and local_date between $from_date and $to_date
    group by account_key, stage
),

last_seen as (
    select
        account_key,
        max(as_of) as as_of
    from snapshots
    where as_of <= $to_date
    group by account_key
),

per_account as (
    select
        days.account_key,
        days.stage,
        coalesce(snapshots.risk_grade, 'unknown') as risk_grade,
        cast(days.d as double) as d,
        cast(coalesce(attempts.a, 0) as double) as a,
        coalesce(attempts.calls, 0) as calls
    from days
    left join attempts on days.account_key = attempts.account_key and days.stage = attempts.stage
    left join last_seen on days.account_key = last_seen.account_key
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
