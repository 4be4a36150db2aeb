-- question: Which accounts of a bucket, or of all overdue ones, got worse and which cured by a later day?
-- grain: one row per account that was in the bucket at from_date
-- uses: portfolio/account_moves
-- params:
--   from_bucket text: M0 to M7+, or overdue for all from M1 on
-- columns:
--   currency text: ISO 4217 code
--   account_id text: the lender's number
--   product text: product name
--   branch text: branch that booked the account
--   from_bucket text: M0 to M7+
--   to_bucket text: M0 to M7+, paid_off, written_off or exit
--   is_worse boolean: in a later bucket or written off at to_date
--   is_cured boolean: in M0 or paid off at to_date (for M0: paid off)
--   balance_from money: balance at from_date
--   balance_to money: balance at to_date; null where there is no snapshot
select
    currency,
    account_id,
    product,
    branch,
    from_bucket,
    to_bucket,
    coalesce(to_no > from_no, to_bucket = 'written_off') as is_worse,
    to_bucket = 'paid_off' or (from_no > 0 and to_bucket = 'M0') as is_cured,
    balance_from,
    balance_to
from account_moves
where from_bucket = $from_bucket or ($from_bucket = 'overdue' and from_no > 0)
order by balance_from desc, account_id
