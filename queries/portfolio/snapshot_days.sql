-- question: On which days was the book recorded?
-- grain: one row per snapshot day
-- columns: as_of, n_accounts, is_derived
--   n_accounts: accounts with a snapshot, in any state
select as_of, count(*) as n_accounts, bool_or(is_derived) as is_derived
from snapshots
group by as_of
order by as_of
