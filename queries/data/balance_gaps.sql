-- question: Which accounts' balances do not add up on one day?
-- grain: one row per account and identity that does not hold
-- params:
--   as_of date: a snapshot day
-- columns:
--   currency text: ISO 4217 code
--   account_id text: the lender's number
--   product text: product name
--   branch text: branch that booked the account
--   identity text: parts (principal + interest + penalty + fees = balance) or schedule (instalments - paid =
--     principal + interest)
--   balance money: what the snapshot says
--   reckoned money: what the other side comes to
--   residual money: balance - reckoned
-- uses: data/balance_identities
-- notes: an identity whose columns are not all filled is not judged
select
    currency,
    account_id,
    product,
    branch,
    identity,
    balance,
    reckoned,
    cast(balance - reckoned as decimal(18, 2)) as residual
from balance_identities
where balance <> reckoned
order by abs(balance - reckoned) desc, account_id, identity
