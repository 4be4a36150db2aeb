-- question: Of the accounts in each bucket 30 days ago, what share stands where now?
-- grain: one row per currency, from_bucket and to_bucket that has accounts
-- uses: portfolio/thirty_day_moves
-- columns:
--   currency text: ISO 4217 code
--   from_bucket text: M0 to M7+, 30 days before to_date
--   to_bucket text: M0 to M7+, paid_off, written_off, or exit
--   n_accounts integer: accounts that made this move
--   balance_from money: instalments not yet paid 30 days before to_date
--   share_accounts ratio: of the accounts in from_bucket; the shares of one from_bucket add up to 1
--   share_balance ratio: of the balance in from_bucket; null where that is 0
-- notes: recomputed from instalments and payments, so a month of 28 or 31 days makes no artefact;
--   balances are instalments not yet paid and need not equal the snapshot's balance
with moves as (
    select
        currency,
        from_bucket,
        from_no,
        to_bucket,
        to_no,
        count(*) as n_accounts,
        sum(balance_from) as balance_from
    from thirty_day_moves
    group by currency, from_bucket, from_no, to_bucket, to_no
),

starts as (
    select
        currency,
        from_bucket,
        sum(n_accounts) as n_accounts,
        sum(balance_from) as balance_from
    from moves
    group by currency, from_bucket
)

select
    moves.currency,
    moves.from_bucket,
    moves.to_bucket,
    moves.n_accounts,
    moves.balance_from,
    cast(moves.n_accounts as double) / nullif(cast(starts.n_accounts as double), 0) as share_accounts,
    cast(moves.balance_from as double) / nullif(cast(starts.balance_from as double), 0) as share_balance
from moves
inner join starts on moves.currency = starts.currency and moves.from_bucket = starts.from_bucket
order by moves.currency, moves.from_no, moves.to_no nulls last, moves.to_bucket
