-- question: Of the accounts in each bucket 30 days ago, what share stands where now?
-- grain: one row per currency, from_bucket and to_bucket that has accounts
-- params:
--   to_date date: the last day of the step; the last snapshot day minus a multiple of 30 days
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
with step_from as (
    select
        thirty_day_states.account_key,
        thirty_day_states.balance,
        buckets.bucket,
        buckets.bucket_no
    from thirty_day_states
    inner join buckets on thirty_day_states.state = buckets.bucket
    where thirty_day_states.as_of = cast($to_date as date) - interval 30 day
),

step_to as (
    select
        thirty_day_states.account_key,
        thirty_day_states.state,
        buckets.bucket_no
    from thirty_day_states
    left join buckets on thirty_day_states.state = buckets.bucket
    where thirty_day_states.as_of = $to_date
),

moves as (
    select
        accounts.currency,
        step_from.bucket as from_bucket,
        step_from.bucket_no as from_no,
        coalesce(step_to.state, 'exit') as to_bucket,
        step_to.bucket_no as to_no,
        count(*) as n_accounts,
        sum(step_from.balance) as balance_from
    from step_from
    inner join accounts on step_from.account_key = accounts.account_key
    left join step_to on step_from.account_key = step_to.account_key
    where exists (select 1 from step_to)
    group by accounts.currency, from_bucket, from_no, to_bucket, to_no
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
