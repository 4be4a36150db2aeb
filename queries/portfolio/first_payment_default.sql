-- question: Of the loans whose first instalment fell due in a month, what share was still unpaid so many days later?
-- grain: one row per currency and calendar month of the first due date
-- uses: portfolio/first_instalments
-- columns: currency, due_month, n_loans, n_default, share_default, default_low, default_high, lent, lent_default,
--   is_complete
--   is_complete: whether all loans of the month are old enough
with counted as (
    select
        currency,
        cast(date_trunc('month', first_due_on) as date) as due_month,
        count(*) as n_loans,
        count(*) filter (where is_default) as n_default,
        sum(original_amount) as lent,
        coalesce(sum(original_amount) filter (where is_default), 0) as lent_default
    from first_instalments
    group by currency, cast(date_trunc('month', first_due_on) as date)
)

select
    currency, due_month, n_loans, n_default,
    macros.ratio(n_default, n_loans) as share_default,
    macros.wilson_low(n_default, n_loans) as default_low,
    macros.wilson_high(n_default, n_loans) as default_high,
    lent, lent_default,
    last_day(due_month) + cast($unpaid_days as integer) <= $as_of as is_complete
from counted
order by currency, due_month
