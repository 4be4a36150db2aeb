-- question: Which accounts made one move in the 30-day step?
-- grain: one row per account; the balances add up to balance_from of that move in transitions_30_day
-- uses: portfolio/thirty_day_moves
-- params:
--   from_bucket text: the bucket on the earlier day
--     one of: buckets
--   to_bucket text: where they stood on the later day; exit for no snapshot
--     one of: buckets, paid_off, written_off, exit
-- columns: currency, account_id, product, branch, from_bucket, to_bucket, balance_from, balance_to, days_past_due
--   from_bucket: bucket 30 days before to_date
--   to_bucket: state at to_date
--   balance_from: instalments not yet paid 30 days before to_date
--   balance_to: instalments not yet paid at to_date; null where there is no state
--   days_past_due: at to_date; null where there is no state
select currency, account_id, product, branch, from_bucket, to_bucket, balance_from, balance_to, days_past_due
from thirty_day_moves
where from_bucket = $from_bucket and to_bucket = $to_bucket
order by balance_from desc, account_id
