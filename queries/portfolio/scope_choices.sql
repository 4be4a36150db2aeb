-- question: Which branches, products and currencies does the book have?
-- grain: one row per branch, product and currency that occur together
-- columns: branch, product, currency, n_accounts
--   branch: branch that booked the account; empty where the source gave none
--   n_accounts: accounts of that kind, open or closed
select branch, product, currency, count(*) as n_accounts
from accounts
group by branch, product, currency
order by currency, product, branch
