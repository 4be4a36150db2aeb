-- question: Which accounts of a bucket, or of all overdue ones, got worse and which cured by a later day?
-- grain: one row per account that was in the bucket at from_date
-- uses: portfolio/account_moves
-- params:
--   from_bucket text: the bucket on the earlier day; overdue for all from M1 on
--     one of: buckets, overdue
-- columns: currency, account_id, product, branch, from_bucket, to_bucket, is_worse, is_cured, balance_from, balance_to
select
    currency, account_id, product, branch, from_bucket, to_bucket,
    coalesce(to_no > from_no, to_bucket = 'written_off') as is_worse,
    to_bucket = 'paid_off' or (from_no > 0 and to_bucket = 'M0') as is_cured,
    balance_from, balance_to
from account_moves
where from_bucket = $from_bucket or ($from_bucket = 'overdue' and from_no > 0)
order by balance_from desc, account_id
