-- question: How many accounts, with what balance, stand at each number of days past due?
-- grain: one row per currency and number of days past due
-- uses: portfolio/accounts_on_day
-- params:
--   as_of date: the snapshot day
-- columns: currency, days_past_due, n_accounts, balance
--   days_past_due: days since the oldest unpaid due date; 0 where nothing is due
--   n_accounts: accounts in a bucket on that day
select currency, days_past_due, count(*) as n_accounts, sum(balance) as balance
from accounts_on_day
group by currency, days_past_due
order by currency, days_past_due
