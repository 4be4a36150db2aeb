-- question: Of each bucket's accounts on one day, how many got worse and how many cured by a later day?
-- grain: one row per currency and bucket
-- uses: portfolio/account_moves
-- columns:
--   currency text: ISO 4217 code
--   from_bucket text: M0 to M7+
--   n_accounts integer: accounts in it at from_date
--   balance_from money: their balance at from_date
--   n_worse integer: of these, in a later bucket or written off at to_date
--   n_cured integer: of these, in M0 or paid off at to_date (for M0: paid off)
--   share_worse ratio: n_worse / n_accounts
--   worse_low ratio: lower Wilson 95 % limit of share_worse
--   worse_high ratio: upper Wilson 95 % limit of share_worse
--   share_cured ratio: n_cured / n_accounts
--   cured_low ratio: lower Wilson 95 % limit of share_cured
--   cured_high ratio: upper Wilson 95 % limit of share_cured
--   balance_worse money: balance at from_date of those that got worse
--   share_worse_balance ratio: balance_worse / balance_from; null where that is 0
with moves as (
    select
        currency,
        from_bucket,
        from_no,
        balance_from,
        coalesce(to_no > from_no, to_bucket = 'written_off') as is_worse,
        to_bucket = 'paid_off' or (from_no > 0 and to_bucket = 'M0') as is_cured
    from account_moves
),

counted as (
    select
        currency,
        from_bucket,
        from_no,
        count(*) as n_accounts,
        sum(balance_from) as balance_from,
        count(*) filter (where is_worse) as n_worse,
        count(*) filter (where is_cured) as n_cured,
        coalesce(sum(balance_from) filter (where is_worse), 0) as balance_worse,
        cast(count(*) as double) as n,
        cast(count(*) filter (where is_worse) as double) / count(*) as share_worse,
        cast(count(*) filter (where is_cured) as double) / count(*) as share_cured,
        1.959964 * 1.959964 as z2
    from moves
    group by currency, from_bucket, from_no
)

select
    currency,
    from_bucket,
    n_accounts,
    balance_from,
    n_worse,
    n_cured,
    share_worse,
    (share_worse + z2 / (2 * n) - sqrt(z2 * (share_worse * (1 - share_worse) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) as worse_low,
    (share_worse + z2 / (2 * n) + sqrt(z2 * (share_worse * (1 - share_worse) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) as worse_high,
    share_cured,
    (share_cured + z2 / (2 * n) - sqrt(z2 * (share_cured * (1 - share_cured) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) as cured_low,
    (share_cured + z2 / (2 * n) + sqrt(z2 * (share_cured * (1 - share_cured) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) as cured_high,
    balance_worse,
    cast(balance_worse as double) / nullif(cast(balance_from as double), 0) as share_worse_balance
from counted
order by currency, from_no
