-- question: Where had the accounts of one snapshot day moved by another, and what balance did they carry then?
-- grain: one row per currency, product, branch, bucket before and state after
-- params:
--   from_date date: the snapshot day the accounts are taken from
--   to_date date: the later snapshot day
-- columns: currency, product, branch, from_bucket, to_state, n_accounts, balance_from, balance_to
--   balance_from: their balance on from_date
--   balance_to: their balance on to_date; 0 where there is no snapshot or nothing is left
with later as (
    select snapshots.account_key, snapshots.state, snapshots.balance
    from snapshots
    where snapshots.as_of = $to_date
)

select
    accounts.currency, accounts.product, accounts.branch, earlier.state as from_bucket,
    coalesce(later.state, 'exit') as to_state,
    count(*) as n_accounts,
    sum(earlier.balance) as balance_from,
    coalesce(sum(case when later.state not in ('paid_off', 'written_off') then later.balance end), 0) as balance_to
from snapshots as earlier
inner join accounts on earlier.account_key = accounts.account_key
inner join buckets on earlier.state = buckets.bucket
left join later on earlier.account_key = later.account_key
where earlier.as_of = $from_date
group by accounts.currency, accounts.product, accounts.branch, earlier.state, coalesce(later.state, 'exit')
