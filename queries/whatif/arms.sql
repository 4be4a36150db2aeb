-- question: How many accounts were assigned to each recorded arm in a period, and how many of them paid within some days?
-- grain: one row per currency and arm
-- params:
--   from_date date: first day of assignment
--   to_date date: last day of assignment, included
--   within_days integer: days after the assignment in which a payment counts
--     range: 0 to 3660
--   as_of date: last day the book knows of payments
-- columns: currency, arm, n_accounts, n_paid, n_immature
--   n_accounts: accounts first assigned in the period, so far back that all its days have passed
-- notes: the first assignment an account ever had, so that both arms are read from the same point of an account's life
with firsts as (
    select
        assignments.account_key,
        min(assignments.assigned_on) as assigned_on,
        min_by(assignments.arm, row(assignments.assigned_on, assignments.collector_id)) as arm
    from assignments
    where assignments.arm is not null
    group by assignments.account_key
    having min(assignments.assigned_on) between $from_date and $to_date
),

paid as (
    select firsts.account_key, sum(payments.net_amount) as amount
    from firsts
    inner join payments on firsts.account_key = payments.account_key
    where
        payments.paid_on > firsts.assigned_on
        and date_diff('day', firsts.assigned_on, payments.paid_on) <= $within_days
        and payments.paid_on <= $as_of
    group by firsts.account_key
)

select
    accounts.currency, firsts.arm,
    count(case when date_diff('day', firsts.assigned_on, $as_of) >= $within_days then 1 end) as n_accounts,
    count(
        case when date_diff('day', firsts.assigned_on, $as_of) >= $within_days and paid.amount > 0 then 1 end
    ) as n_paid,
    count(case when date_diff('day', firsts.assigned_on, $as_of) < $within_days then 1 end) as n_immature
from firsts
inner join accounts on firsts.account_key = accounts.account_key
left join paid on firsts.account_key = paid.account_key
group by accounts.currency, firsts.arm
