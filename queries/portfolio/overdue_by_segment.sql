-- question: How much of each product, branch or grade is overdue on one day?
-- grain: one row per currency and segment that has accounts
-- uses: portfolio/accounts_on_day
-- params:
--   segment_by text = product: what it is cut by
--     one of: product, branch, risk_grade
-- columns: currency, segment, n_accounts, balance, n_overdue, overdue_balance, n_90_plus, balance_90_plus
--   segment: the product, branch or grade; empty where it is not given
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
