-- question: What was collected of the overdue balance of each product, branch or bucket in a period?
-- grain: one row per currency and segment that had overdue accounts
-- uses: recovery/overdue_in_period
-- params:
--   segment_by text = bucket: what it is cut by
--     one of: product, branch, bucket
-- columns: currency, segment, n_accounts, overdue_balance, collected
--   segment: the product, branch, or bucket at the opening or when first seen overdue; empty where it is not given
--   n_accounts: accounts overdue at the opening or new in the period
--   overdue_balance: their overdue balance, each account once
--   collected: payments less reversals while overdue, for each account at most its overdue balance
select
    currency,
    case $segment_by when 'branch' then branch when 'product' then product else bucket end as segment,
    count(*) as n_accounts,
    sum(overdue_balance) as overdue_balance,
    sum(collected) as collected
from overdue_in_period
group by 1, 2
order by 1, 2
