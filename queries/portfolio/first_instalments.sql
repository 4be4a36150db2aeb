-- question: Which loans' first instalment was still open so many days after it was due?
-- grain: one row per account whose first due date lies in the period and is old enough at as_of
-- params:
--   from_date date: first of the first due dates
--   to_date date: last of them, included
--   as_of date: nothing after this day is used
--   unpaid_days integer = 30: days after the due date that count as default: 7 or 30 are usual
--     range: 0 to 366
-- columns: currency, account_id, product, branch, opened_on, first_due_on, first_amount, original_amount, is_default
-- notes: loans whose first due date is less than unpaid_days before as_of are left out of both sides. No rows where the book
--   has no instalments. A loan whose instalments are numbered and begin above 1 is left out: its first is not there. Where
--   they are not numbered that cannot be seen
with firsts as (
    select account_key, min(due_on) as due_on
    from instalments
    where amount > 0
    group by account_key
    having coalesce(min(seq), 1) <= 1
),

asked as (
    select firsts.account_key, firsts.due_on, sum(instalments.amount) as amount
    from firsts
    inner join instalments on firsts.account_key = instalments.account_key and firsts.due_on = instalments.due_on
    where firsts.due_on between $from_date and $to_date and firsts.due_on + cast($unpaid_days as integer) <= $as_of
    group by firsts.account_key, firsts.due_on
),

paid as (
    select asked.account_key, asked.due_on, asked.amount, coalesce(sum(payments.net_amount), 0) as paid
    from asked
    left join payments
        on asked.account_key = payments.account_key and asked.due_on + cast($unpaid_days as integer) >= payments.paid_on
    group by asked.account_key, asked.due_on, asked.amount
)

select
    accounts.currency, accounts.account_id, accounts.product, accounts.branch, accounts.opened_on,
    paid.due_on as first_due_on,
    cast(paid.amount as decimal(18, 2)) as first_amount,
    accounts.original_amount,
    paid.paid < paid.amount as is_default
from paid
inner join accounts on paid.account_key = accounts.account_key
order by paid.due_on, accounts.account_id
