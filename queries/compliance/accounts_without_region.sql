-- question: For which accounts can a rule of one state or province not be placed?
-- grain: one row per account whose debtor's region is not known
-- columns:
--   account_id text: the account
--   debtor_id text: the debtor
--   time_zone text: the debtor's time zone
--   product text: product name
--   branch text: branch that booked the account
select
    accounts.account_id,
    accounts.debtor_id,
    debtors.time_zone,
    accounts.product,
    accounts.branch
from accounts
inner join debtors on accounts.debtor_key = debtors.debtor_key
where debtors.region is null
order by accounts.account_id
