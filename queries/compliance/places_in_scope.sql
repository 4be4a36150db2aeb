-- question: Which accounts and debtors does a scope hold?
-- grain: one row per account
-- columns: account_key, debtor_key, account_id, debtor_id
select account_key, debtor_key, account_id, debtor_id
from accounts
