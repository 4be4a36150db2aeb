-- question: Which accounts had an instalment fall due while they were current, and which of them came past due by it?
-- grain: one row per account and due date
-- uses: portfolio/first_day_past_due
-- params:
--   from_date date: first due date
--   to_date date: last due date, included
--   as_of date: nothing after this day is used
-- columns: currency, account_id, product, branch, due_on, due_amount, is_entered
-- notes: an account that was past due already cannot enter and one that had paid in advance has nothing due: both are left out.
--   Past due is asked on the first day on which the instalment can be, the day after the due date unless the settings say
--   otherwise; due dates for which that is after as_of are left out too. No rows where the book has no instalments
with dues as (
    select
        account_key, due_on,
        sum(amount) as amount,
        sum(sum(amount)) over (partition by account_key order by due_on) as due_through
    from instalments
    group by account_key, due_on
),

asked as (
    select
        dues.account_key, dues.due_on, dues.due_through,
        dues.due_through - dues.amount as due_before,
        dues.due_on + cast(first_day_past_due.after_due as integer) as asked_on
    from dues
    cross join first_day_past_due
    where
        dues.due_on between $from_date and $to_date
        and dues.due_on + cast(first_day_past_due.after_due as integer) <= $as_of
        and dues.amount > 0
),

-- payments and the two moments asked about in one order, so that what was paid by each is one running sum
moments as (
    select account_key, paid_on as day, 1 as turn, null as due_on, net_amount
    from payments
    where account_key in (select asked.account_key from asked)

    union all

    select account_key, due_on as day, 0 as turn, due_on, 0 as net_amount
    from asked

    union all

    select account_key, asked_on as day, 2 as turn, due_on, 0 as net_amount
    from asked
),

running as (
    select
        account_key, due_on, turn,
        sum(net_amount) over (partition by account_key order by day, turn rows unbounded preceding) as paid
    from moments
),

told as (
    select
        account_key, due_on,
        greatest(max(paid) filter (where turn = 0), 0) as paid_before,
        greatest(max(paid) filter (where turn = 2), 0) as paid_by_then
    from running
    where due_on is not null
    group by account_key, due_on
)

select
    accounts.currency, accounts.account_id, accounts.product, accounts.branch, asked.due_on,
    cast(asked.due_through - told.paid_before as decimal(18, 2)) as due_amount,
    told.paid_by_then < asked.due_through as is_entered
from asked
inner join told on asked.account_key = told.account_key and asked.due_on = told.due_on
inner join accounts on asked.account_key = accounts.account_key
where told.paid_before >= asked.due_before and told.paid_before < asked.due_through
order by asked.due_on, accounts.account_id
