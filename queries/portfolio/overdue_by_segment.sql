-- question: How much of each product, branch or grade is overdue on one day?
-- grain: one row per currency and segment that has accounts
-- uses: portfolio/accounts_on_day
-- params:
--   segment_by text = product: product, branch or risk_grade
-- columns:
--   currency text: ISO 4217 code
--   segment text: the product, branch or grade; empty where it is not given
--   n_accounts integer: accounts on the book
--   balance money: their balance
--   n_overdue integer: accounts in M1 or later
--   overdue_balance money: their balance
--   n_90_plus integer: accounts 91 or more days past due (proxy for non-performing)
--   balance_90_plus money: their balance
select
    currency,
    case $segment_by when 'branch' then branch when 'risk_grade' then risk_grade else product end as segment,
    count(*) as n_accounts,
    sum(balance) as balance,
    count(*) filter (where bucket_no > 0) as n_overdue,
    coalesce(sum(balance) filter (where bucket_no > 0), 0) as overdue_balance,
    count(*) filter (where days_past_due > 90) as n_90_plus,
    coalesce(sum(balance) filter (where days_past_due > 90), 0) as balance_90_plus
from accounts_on_day
group by 1, 2
order by 1, 2
