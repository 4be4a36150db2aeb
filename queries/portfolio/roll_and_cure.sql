-- question: Of each bucket's accounts on one day, how many got worse and how many cured by a later day?
-- grain: one row per currency and bucket
-- uses: portfolio/account_moves
-- columns: currency, from_bucket, n_accounts, balance_from, n_worse, n_cured, share_worse, worse_low, worse_high,
--   share_cured, cured_low, cured_high, balance_worse, share_worse_balance
--   n_accounts: accounts in it at from_date
with moves as (
    select
        currency, from_bucket, from_no, balance_from,
        coalesce(to_no > from_no, to_bucket = 'written_off') as is_worse,
        to_bucket = 'paid_off' or (from_no > 0 and to_bucket = 'M0') as is_cured
    from account_moves
),

counted as (
    select
        currency, from_bucket, from_no,
        count(*) as n_accounts,
        sum(balance_from) as balance_from,
        count(*) filter (where is_worse) as n_worse,
        count(*) filter (where is_cured) as n_cured,
        coalesce(sum(balance_from) filter (where is_worse), 0) as balance_worse
    from moves
    group by currency, from_bucket, from_no
)

select
    currency, from_bucket, n_accounts, balance_from, n_worse, n_cured,
    macros.ratio(n_worse, n_accounts) as share_worse,
    macros.wilson_low(n_worse, n_accounts) as worse_low,
    macros.wilson_high(n_worse, n_accounts) as worse_high,
    macros.ratio(n_cured, n_accounts) as share_cured,
    macros.wilson_low(n_cured, n_accounts) as cured_low,
    macros.wilson_high(n_cured, n_accounts) as cured_high,
    balance_worse,
    macros.ratio(balance_worse, balance_from) as share_worse_balance
from counted
order by currency, from_no
