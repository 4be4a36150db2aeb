-- question: What was owed at the start of a period, what fell due in it, and what of both was still open at its end?
-- grain: one row per account with instalments that owed something at the start or had something fall due
-- params:
--   from_date date: first day of the period
--   to_date date: last day, included
-- columns: currency, account_id, product, branch, opening_open, fell_due, closing_open, closing_current, collected
--   collected: opening_open + fell_due - closing_open
-- notes: payments pay the oldest instalment first, and reversals count on their own day
with dues as (
    select
        account_key,
        coalesce(sum(case when due_on < $from_date then amount end), 0) as due_before,
        coalesce(sum(case when due_on >= $from_date then amount end), 0) as fell_due,
        coalesce(sum(case when due_on = $to_date then amount end), 0) as due_last
    from instalments
    where due_on <= $to_date
    group by account_key
),

paid as (
    select
        account_key,
        greatest(coalesce(sum(case when paid_on < $from_date then net_amount end), 0), 0) as paid_before,
        greatest(coalesce(sum(net_amount), 0), 0) as paid_through
    from payments
    where paid_on <= $to_date
    group by account_key
),

open_amounts as (
    select
        dues.account_key,
        greatest(dues.due_before - coalesce(paid.paid_before, 0), 0) as opening_open,
        dues.fell_due - greatest(
            least(coalesce(paid.paid_before, 0) - dues.due_before, dues.fell_due), 0
        ) as fell_due,
        greatest(dues.due_before + dues.fell_due - coalesce(paid.paid_through, 0), 0) as closing_open,
        dues.due_last
    from dues
    left join paid on dues.account_key = paid.account_key
)

select
    accounts.currency, accounts.account_id, accounts.product, accounts.branch,
    cast(open_amounts.opening_open as decimal(18, 2)) as opening_open,
    cast(open_amounts.fell_due as decimal(18, 2)) as fell_due,
    cast(open_amounts.closing_open as decimal(18, 2)) as closing_open,
    cast(least(open_amounts.closing_open, open_amounts.due_last) as decimal(18, 2)) as closing_current,
    cast(open_amounts.opening_open + open_amounts.fell_due - open_amounts.closing_open as decimal(18, 2)) as collected
from open_amounts
inner join accounts on open_amounts.account_key = accounts.account_key
where open_amounts.opening_open > 0 or open_amounts.fell_due > 0 or open_amounts.closing_open > 0
order by open_amounts.opening_open + open_amounts.fell_due desc, accounts.account_id
