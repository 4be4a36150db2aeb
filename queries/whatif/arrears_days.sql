-- question: How much was past due on an account, from which day on?
-- grain: one row per account and day on which that sum changed and was above 0
-- params:
--   to_date date: last day, included
--   permille integer = 1000: thousandths of the debtors to draw; 1000 for all
--     range: 0 to 1000
-- columns: account_key, changed_on, owed, instalment, planned_to
-- notes: a debt without instalments has no row, and the model then goes by the mean payment of its kind
with changes as (
    select account_key, due_on as changed_on, amount, amount as instalment
    from instalments
    where due_on <= $to_date
    union all
    select account_key, paid_on as changed_on, -net_amount as amount, null as instalment
    from payments
    where paid_on <= $to_date and account_key in (select instalments.account_key from instalments)
),

by_day as (
    select account_key, changed_on, sum(amount) as amount, max(instalment) as instalment
    from changes
    group by account_key, changed_on
),

running as (
    select
        account_key, changed_on,
        sum(amount) over (partition by account_key order by changed_on) as owed,
        last_value(instalment ignore nulls) over (partition by account_key order by changed_on) as instalment
    from by_day
),

plans as (
    select account_key, max(due_on) as planned_to
    from instalments
    group by account_key
)

select
    running.account_key, running.changed_on,
    cast(running.owed as decimal(18, 2)) as owed,
    cast(running.instalment as decimal(18, 2)) as instalment,
    plans.planned_to
from running
inner join plans on running.account_key = plans.account_key
inner join accounts on running.account_key = accounts.account_key
where running.owed > 0 and (cast(accounts.debtor_key as bigint) * 7919) % 1000 < $permille
