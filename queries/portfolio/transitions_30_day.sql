-- question: Of the accounts in each bucket 30 days ago, what share stands where now?
-- grain: one row per currency, from_bucket and to_bucket that has accounts
-- uses: portfolio/thirty_day_moves as account_moves, portfolio/move_shares
-- columns: currency, from_bucket, to_bucket, n_accounts, balance_from, share_accounts, share_balance
--   from_bucket: M0 to M7+, 30 days before to_date
--   n_accounts: accounts that made this move
--   balance_from: instalments not yet paid 30 days before to_date
--   share_accounts: of the accounts in from_bucket; the shares of one from_bucket add up to 1
--   share_balance: of the balance in from_bucket; null where that is 0
-- notes: recomputed from instalments and payments, so a month of 28 or 31 days makes no artefact;
--   balances are instalments not yet paid and need not equal the snapshot's balance
select currency, from_bucket, to_bucket, n_accounts, balance_from, share_accounts, share_balance
from move_shares
order by currency, from_no, to_no nulls last, to_bucket
