-- question: Which accounts and debtors does a scope hold?
-- grain: one row per account
-- columns:
--   account_key integer: the account
--   debtor_key integer: its debtor
--   account_id text: the lender's number
--   debtor_id text: the lender's number of the debtor
select
    account_key,
    debtor_key,
    account_id,
    debtor_id
from accounts
