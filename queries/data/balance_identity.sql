-- question: Do balances add up on one day, from their parts and from the schedule?
-- grain: one row per currency, product and identity that could be judged
-- uses: data/balance_identities
-- columns:
--   currency text: ISO 4217 code
--   product text: product name
--   identity text: parts or schedule
--   n_compared integer: accounts judged
--   n_equal integer: of these, equal to the cent
--   residual money: sum of what is left over, balance less reckoned
--   largest_residual money: largest of one account, without its sign
-- params:
--   as_of date: a snapshot day
select
    currency,
    product,
    identity,
    count(*) as n_compared,
    count(*) filter (where balance = reckoned) as n_equal,
    cast(sum(balance - reckoned) as decimal(18, 2)) as residual,
    cast(max(abs(balance - reckoned)) as decimal(18, 2)) as largest_residual
from balance_identities
group by currency, product, identity
order by currency, identity, product
