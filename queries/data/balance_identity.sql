-- question: Do balances add up on one day, from their parts and from the schedule?
-- grain: one row per currency, product and identity that could be judged
-- uses: data/balance_identities
-- columns: currency, product, identity, n_compared, n_equal, residual, largest_residual
--   identity: parts or schedule
--   n_compared: accounts judged
--   residual: sum of what is left over, balance less reckoned
-- params:
--   as_of date: a snapshot day
select
    currency, product, identity,
    count(*) as n_compared,
    count(*) filter (where balance = reckoned) as n_equal,
    cast(sum(balance - reckoned) as decimal(18, 2)) as residual,
    cast(max(abs(balance - reckoned)) as decimal(18, 2)) as largest_residual
from balance_identities
group by currency, product, identity
order by currency, identity, product
