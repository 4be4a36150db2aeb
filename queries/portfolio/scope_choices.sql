-- question: Which branches, products and currencies does the book have?
-- grain: one row per branch, product and currency that occur together
-- columns:
--   branch text: branch that booked the account; empty where the source gave none
--   product text: product name
--   currency text: ISO 4217 code
--   n_accounts integer: accounts of that kind, open or closed
select
    branch,
    product,
    currency,
    count(*) as n_accounts
from accounts
group by branch, product, currency
order by currency, product, branch
