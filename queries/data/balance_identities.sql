-- question: What does each account's balance come to when it is reckoned another way?
-- grain: one row per account in a bucket at as_of and identity whose columns are all filled
-- params:
--   as_of date: a snapshot day
-- columns: currency, account_id, product, branch, identity, balance, reckoned
--   balance: what the snapshot says: the balance, or principal and interest
-- notes: the schedule is judged where an account's instalments add up to the original amount or more: a file with only the last
--   ones cannot be reckoned so. A product that is borrowed anew (a card) does not fit it, which shows product by product
with open_accounts as (
    select
        accounts.currency, accounts.account_key, accounts.account_id, accounts.product, accounts.branch,
        accounts.original_amount, snapshots.balance, snapshots.principal, snapshots.interest, snapshots.penalty,
        snapshots.fees
    from snapshots
    inner join accounts on snapshots.account_key = accounts.account_key
    inner join buckets on snapshots.state = buckets.bucket
    where snapshots.as_of = $as_of
),

planned as (
    select account_key, sum(amount) as planned
    from instalments
    group by account_key
),

paid as (
    select account_key, sum(net_amount) as paid
    from payments
    where paid_on <= $as_of
    group by account_key
)

select
    currency, account_id, product, branch,
    'parts' as identity,
    balance,
    cast(principal + interest + penalty + fees as decimal(18, 2)) as reckoned
from open_accounts
where principal is not null and interest is not null and penalty is not null and fees is not null
union all
select
    open_accounts.currency, open_accounts.account_id, open_accounts.product, open_accounts.branch,
    'schedule' as identity,
    cast(open_accounts.principal + open_accounts.interest as decimal(18, 2)) as balance,
    cast(planned.planned - coalesce(paid.paid, 0) as decimal(18, 2)) as reckoned
from open_accounts
inner join planned on open_accounts.account_key = planned.account_key
left join paid on open_accounts.account_key = paid.account_key
where
    open_accounts.principal is not null
    and open_accounts.interest is not null
    and planned.planned >= open_accounts.original_amount
