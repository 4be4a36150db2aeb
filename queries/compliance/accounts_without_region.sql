-- question: For which accounts can a rule of one state or province not be placed?
-- grain: one row per account whose debtor's region is not known
-- columns: account_id, debtor_id, time_zone, product, branch
select accounts.account_id, accounts.debtor_id, debtors.time_zone, accounts.product, accounts.branch
from accounts
inner join debtors on accounts.debtor_key = debtors.debtor_key
where debtors.region is null
order by accounts.account_id
