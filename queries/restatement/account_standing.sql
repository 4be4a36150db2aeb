-- question: How does this book say that each account stood on one day, and what had been paid and fallen due on it by then?
-- grain: one row per account with a snapshot on that day
-- params:
--   as_of date: the snapshot day; nothing after it is used
-- columns: currency, account_id, product, branch, state, days_past_due, balance, overdue_balance, is_overdue, paid,
--   paid_later, reversed, due
--   state: M0 to M7+, paid_off or written_off
--   overdue_balance: of it, where the account is in M1 or later
--   paid: payments dated up to the day, without reversals
with money as (
    select
        account_key,
        sum(net_amount) filter (where reverses_payment_id is null) as paid,
        sum(net_amount) filter (where reverses_payment_id is null and cast(posted_at as date) > $as_of) as paid_later,
        count(posted_at) as n_posted,
        sum(net_amount) filter (where reverses_payment_id is not null) as reversed
    from payments
    where paid_on <= $as_of
    group by account_key
),

plan as (
    select account_key, sum(amount) as due
    from instalments
    where due_on <= $as_of
    group by account_key
)

select
    accounts.currency, accounts.account_id, accounts.product, accounts.branch, snapshots.state, snapshots.days_past_due,
    snapshots.balance,
    cast(case when buckets.bucket_no > 0 then snapshots.balance else 0 end as decimal(18, 2)) as overdue_balance,
    coalesce(buckets.bucket_no > 0, false) as is_overdue,
    cast(coalesce(money.paid, 0) as decimal(18, 2)) as paid,
    cast(case when money.n_posted > 0 then coalesce(money.paid_later, 0) end as decimal(18, 2)) as paid_later,
    cast(coalesce(money.reversed, 0) as decimal(18, 2)) as reversed,
    cast(coalesce(plan.due, 0) as decimal(18, 2)) as due
from snapshots
inner join accounts on snapshots.account_key = accounts.account_key
left join buckets on snapshots.state = buckets.bucket
left join money on snapshots.account_key = money.account_key
left join plan on snapshots.account_key = plan.account_key
where snapshots.as_of = $as_of
order by accounts.account_id
