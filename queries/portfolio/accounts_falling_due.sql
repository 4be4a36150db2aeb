-- question: Which accounts had an instalment fall due while they were current, and which of them were past due the next day?
-- grain: one row per account and due date
-- params:
--   from_date date: first due date
--   to_date date: last due date, included
--   as_of date: nothing after this day is used
-- columns:
--   currency text: ISO 4217 code
--   account_id text: the lender's number
--   product text: product name
--   branch text: branch that booked the account
--   due_on date: the due date
--   due_amount money: what was open of that day's instalment the day before
--   is_entered boolean: whether it was not paid in full by the end of the next day, which is day 1 past due
-- notes: an account that was past due already cannot enter and one that had paid in advance has nothing due: both are left out.
--   Due dates whose next day is after as_of are left out too. No rows where the book has no instalments
with dues as (
    select
        account_key,
        due_on,
        sum(amount) as amount,
        sum(sum(amount)) over (partition by account_key order by due_on) as due_through
    from instalments
    group by account_key, due_on
),

asked as (
    select
        account_key,
        due_on,
        due_through,
        due_through - amount as due_before
    from dues
    where due_on between $from_date and $to_date and due_on < $as_of and amount > 0
),

paid as (
    select
        asked.account_key,
        asked.due_on,
        asked.due_through,
        asked.due_before,
        greatest(coalesce(sum(payments.net_amount) filter (where payments.paid_on < asked.due_on), 0), 0) as paid_before,
        greatest(coalesce(sum(payments.net_amount), 0), 0) as paid_by_next_day
    from asked
    left join payments on asked.account_key = payments.account_key and asked.due_on + 1 >= payments.paid_on
    group by asked.account_key, asked.due_on, asked.due_through, asked.due_before
)

select
    accounts.currency,
    accounts.account_id,
    accounts.product,
    accounts.branch,
    paid.due_on,
    cast(paid.due_through - paid.paid_before as decimal(18, 2)) as due_amount,
    paid.paid_by_next_day < paid.due_through as is_entered
from paid
inner join accounts on paid.account_key = accounts.account_key
where paid.paid_before >= paid.due_before and paid.paid_before < paid.due_through
order by paid.due_on, accounts.account_id
