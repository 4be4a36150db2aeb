-- question: Of the accounts in each bucket on one day, what share stands where on a later day?
-- grain: one row per currency, from_bucket and to_bucket that has accounts
-- uses: portfolio/move_shares
-- columns: currency, from_bucket, to_bucket, n_accounts, balance_from, share_accounts, share_balance
--   to_bucket: M0 to M7+, paid_off, written_off, or exit (no snapshot at to_date)
--   n_accounts: accounts that made this move
--   share_accounts: of the accounts in from_bucket; the shares of one from_bucket add up to 1
--   share_balance: of the balance in from_bucket, weighted at from_date; null where that is 0
select currency, from_bucket, to_bucket, n_accounts, balance_from, share_accounts, share_balance
from move_shares
order by currency, from_no, to_no nulls last, to_bucket
