-- question: Which accounts' balances do not add up on one day?
-- grain: one row per account and identity that does not hold
-- params:
--   as_of date: a snapshot day
-- columns: currency, account_id, product, branch, identity, balance, reckoned, residual
--   balance: what the snapshot says
-- uses: data/balance_identities
-- notes: an identity whose columns are not all filled is not judged
select
    currency, account_id, product, branch, identity, balance, reckoned,
    cast(balance - reckoned as decimal(18, 2)) as residual
from balance_identities
where balance <> reckoned
order by abs(balance - reckoned) desc, account_id, identity
