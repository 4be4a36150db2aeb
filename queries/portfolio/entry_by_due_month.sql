-- question: Of the current accounts with an instalment due, what share was past due the next day, by month?
-- grain: one row per currency and calendar month of the due date
-- uses: portfolio/accounts_falling_due
-- columns: currency, due_month, n_due, n_entered, share_entered, entered_low, entered_high, due_amount, entered_amount,
--   share_amount
--   due_amount: what fell due on them
--   share_amount: entered_amount / due_amount
with counted as (
    select
        currency,
        cast(date_trunc('month', due_on) as date) as due_month,
        count(*) as n_due,
        count(*) filter (where is_entered) as n_entered,
        sum(due_amount) as due_amount,
        coalesce(sum(due_amount) filter (where is_entered), 0) as entered_amount
    from accounts_falling_due
    group by currency, cast(date_trunc('month', due_on) as date)
)

select
    currency, due_month, n_due, n_entered,
    macros.ratio(n_entered, n_due) as share_entered,
    macros.wilson_low(n_entered, n_due) as entered_low,
    macros.wilson_high(n_entered, n_due) as entered_high,
    due_amount, entered_amount,
    macros.ratio(entered_amount, due_amount) as share_amount
from counted
order by currency, due_month
