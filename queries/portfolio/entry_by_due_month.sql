-- question: Of the current accounts with an instalment due, what share was past due the next day, by month?
-- grain: one row per currency and calendar month of the due date
-- uses: portfolio/accounts_falling_due
-- columns:
--   currency text: ISO 4217 code
--   due_month date: first day of the month
--   n_due integer: due dates of current accounts
--   n_entered integer: of these, past due on the next day
--   share_entered ratio: n_entered / n_due
--   entered_low ratio: lower Wilson 95 % limit of share_entered
--   entered_high ratio: upper Wilson 95 % limit of share_entered
--   due_amount money: what fell due on them
--   entered_amount money: of this, on accounts past due on the next day
--   share_amount ratio: entered_amount / due_amount
with counted as (
    select
        currency,
        cast(date_trunc('month', due_on) as date) as due_month,
        count(*) as n_due,
        count(*) filter (where is_entered) as n_entered,
        sum(due_amount) as due_amount,
        coalesce(sum(due_amount) filter (where is_entered), 0) as entered_amount,
        cast(count(*) as double) as n,
        cast(count(*) filter (where is_entered) as double) / count(*) as share_entered,
        1.959964 * 1.959964 as z2
    from accounts_falling_due
    group by currency, cast(date_trunc('month', due_on) as date)
)

select
    currency,
    due_month,
    n_due,
    n_entered,
    share_entered,
    (share_entered + z2 / (2 * n) - sqrt(z2 * (share_entered * (1 - share_entered) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) as entered_low,
    (share_entered + z2 / (2 * n) + sqrt(z2 * (share_entered * (1 - share_entered) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) as entered_high,
    due_amount,
    entered_amount,
    cast(entered_amount as double) / nullif(cast(due_amount as double), 0) as share_amount
from counted
order by currency, due_month
