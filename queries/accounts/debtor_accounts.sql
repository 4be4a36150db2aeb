-- question: Which other accounts has the debtor of one account, and how late is each?
-- grain: one row per further account of the debtor in the scope
-- params:
--   account_id text: the lender's number of the one account
--     open: the lender's own numbers; one that nothing has gives no rows
--   as_of date: the snapshot day
-- columns: currency, account_id, product, branch, state, days_past_due, balance
--   state: bucket on the day, paid_off or written_off; empty without a snapshot
--   days_past_due: on the day
select
    accounts.currency, accounts.account_id, accounts.product, accounts.branch, snapshots.state, snapshots.days_past_due,
    snapshots.balance
from accounts as chosen
inner join accounts on chosen.debtor_key = accounts.debtor_key and chosen.account_key <> accounts.account_key
left join snapshots on accounts.account_key = snapshots.account_key and snapshots.as_of = $as_of
where chosen.account_id = $account_id
order by accounts.account_id
