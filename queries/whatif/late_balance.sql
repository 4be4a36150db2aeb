-- question: How much of the book is past due by at least a number of days?
-- grain: one row per currency
-- uses: portfolio/accounts_on_day
-- params:
--   as_of date: the snapshot day
--   late_from_days integer: days past due from which an account counts
--     range: 0 to 100000
-- columns: currency, n_accounts, balance, n_late, late_balance, share_balance
--   n_accounts: accounts open on that day
--   n_late: of these, past due by at least so many days
--   share_balance: late balance of balance; null where there is none
select
    currency,
    count(*) as n_accounts,
    sum(balance) as balance,
    count(case when days_past_due >= $late_from_days then 1 end) as n_late,
    coalesce(sum(case when days_past_due >= $late_from_days then balance end), 0) as late_balance,
    cast(coalesce(sum(case when days_past_due >= $late_from_days then balance end), 0) as double)
    / cast(nullif(sum(balance), 0) as double) as share_balance
from accounts_on_day
group by currency
