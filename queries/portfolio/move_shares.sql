-- question: What share of each bucket's accounts and balance made each move?
-- grain: one row per currency, from_bucket and to_bucket that has accounts
-- uses: portfolio/account_moves
-- columns: currency, from_bucket, from_no, to_bucket, to_no, n_accounts, balance_from, share_accounts, share_balance
--   to_bucket: M1 to M7+
--   n_accounts: accounts that made this move
--   share_accounts: of the accounts in from_bucket; the shares of one from_bucket add up to 1
--   share_balance: of the balance in from_bucket; null where that is 0
-- notes: the moves of other days take the place of account_moves in portfolio/transitions_30_day
with moves as (
    select currency, from_bucket, from_no, to_bucket, to_no, count(*) as n_accounts, sum(balance_from) as balance_from
    from account_moves
    group by currency, from_bucket, from_no, to_bucket, to_no
),

starts as (
    select currency, from_bucket, sum(n_accounts) as n_accounts, sum(balance_from) as balance_from
    from moves
    group by currency, from_bucket
)

select
    moves.currency, moves.from_bucket, moves.from_no, moves.to_bucket, moves.to_no, moves.n_accounts,
    moves.balance_from,
    macros.ratio(moves.n_accounts, starts.n_accounts) as share_accounts,
    macros.ratio(moves.balance_from, starts.balance_from) as share_balance
from moves
inner join starts on moves.currency = starts.currency and moves.from_bucket = starts.from_bucket
