-- question: On which days was the book recorded?
-- grain: one row per snapshot day
-- columns:
--   as_of date: the snapshot day
--   n_accounts integer: accounts with a snapshot, in any state
--   is_derived boolean: whether ingest derived the day from instalments and payments
select
    as_of,
    count(*) as n_accounts,
    bool_or(is_derived) as is_derived
from snapshots
group by as_of
order by as_of
