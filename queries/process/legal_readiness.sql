-- question: Of the accounts past the middle stage, for how many is what legal steps would need on file?
-- grain: one row per currency
-- params:
--   as_of date: the snapshot day
--   middle_days integer = 90: last day past due of the middle stage (M2-M3)
--     range: 1 to 3660
-- columns: currency, n_accounts, balance, n_contract, n_identity, n_address, n_letter
--   n_accounts: accounts overdue for more than middle_days
-- notes: the process template only announces this stage and asks for nothing in it; limitation dates and approvals are in none of
--   the contract's tables
with lettered as (
    select distinct account_key
    from contacts
    where channel = 'letter' and outcome = 'delivered' and direction = 'out'
)

select
    accounts.currency,
    count(*) as n_accounts,
    sum(snapshots.balance) as balance,
    count(accounts.contract_no) as n_contract,
    count(*) filter (where debtors.has_name and debtors.has_id_number) as n_identity,
    count(*) filter (where debtors.has_address) as n_address,
    count(lettered.account_key) as n_letter
from snapshots
inner join accounts on snapshots.account_key = accounts.account_key
inner join debtors on accounts.debtor_key = debtors.debtor_key
left join lettered on snapshots.account_key = lettered.account_key
where
    snapshots.as_of = $as_of
    and snapshots.days_past_due > $middle_days
    and coalesce(snapshots.status, 'active') not in ('paid_off', 'written_off')
group by accounts.currency
order by accounts.currency
