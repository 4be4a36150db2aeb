-- question: How large is the book on one day, and how much of it is overdue?
-- grain: one row per currency
-- uses: portfolio/accounts_on_day
-- columns: currency, n_accounts, balance, n_overdue, overdue_balance, n_90_plus, balance_90_plus
select
    currency,
    count(*) as n_accounts,
    sum(balance) as balance,
    count(*) filter (where bucket_no > 0) as n_overdue,
    coalesce(sum(balance) filter (where bucket_no > 0), 0) as overdue_balance,
    count(*) filter (where days_past_due > 90) as n_90_plus,
    coalesce(sum(balance) filter (where days_past_due > 90), 0) as balance_90_plus
from accounts_on_day
group by currency
order by currency
