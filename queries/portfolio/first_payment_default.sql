-- question: Of the loans whose first instalment fell due in a month, what share was still unpaid so many days later?
-- grain: one row per currency and calendar month of the first due date
-- uses: portfolio/first_instalments
-- columns:
--   currency text: ISO 4217 code
--   due_month date: first day of the month
--   n_loans integer: loans whose first due date is old enough
--   n_default integer: of these, first instalment not paid in full by then
--   share_default ratio: n_default / n_loans
--   default_low ratio: lower Wilson 95 % limit of share_default
--   default_high ratio: upper Wilson 95 % limit of share_default
--   lent money: amount lent on the loans
--   lent_default money: of this, on loans in default
--   is_complete boolean: whether all loans of the month are old enough
with counted as (
    select
        currency,
        cast(date_trunc('month', first_due_on) as date) as due_month,
        count(*) as n_loans,
        count(*) filter (where is_default) as n_default,
        sum(original_amount) as lent,
        coalesce(sum(original_amount) filter (where is_default), 0) as lent_default,
        cast(count(*) as double) as n,
        cast(count(*) filter (where is_default) as double) / count(*) as share_default,
        1.959964 * 1.959964 as z2
    from first_instalments
    group by currency, cast(date_trunc('month', first_due_on) as date)
)

select
    currency,
    due_month,
    n_loans,
    n_default,
    share_default,
    (share_default + z2 / (2 * n) - sqrt(z2 * (share_default * (1 - share_default) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) as default_low,
    (share_default + z2 / (2 * n) + sqrt(z2 * (share_default * (1 - share_default) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) as default_high,
    lent,
    lent_default,
    last_day(due_month) + cast($unpaid_days as integer) <= $as_of as is_complete
from counted
order by currency, due_month
