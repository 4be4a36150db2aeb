-- question: How many days past due was one account, day by day?
-- grain: one row per stretch of days over which the figure rises by one a day, and one per snapshot
-- params:
--   account_id text: the lender's number
--     open: the lender's own numbers; one that nothing has gives no rows
--   as_of date: nothing after this day is used
-- columns: from_on, to_on, days_from, days_to, basis, balance, state
--   balance: outstanding balance of a snapshot; empty for a stretch
--   state: bucket of a snapshot, paid_off or written_off; written_off or empty for a stretch
-- notes: between two stretches the account was not overdue. Without instalments and payments there are only snapshots, and
--   what lies between two of them is not known
select
    overdue_runs.from_on,
    least(coalesce(overdue_runs.to_on, $as_of), $as_of) as to_on,
    date_diff('day', overdue_runs.counted_from, overdue_runs.from_on) as days_from,
    date_diff(
        'day', overdue_runs.counted_from, least(coalesce(overdue_runs.to_on, $as_of), cast($as_of as date))
    ) as days_to,
    'daily' as basis,
    cast(null as decimal(18, 2)) as balance,
    case when overdue_runs.is_written_off then 'written_off' end as state
from overdue_runs
inner join accounts on overdue_runs.account_key = accounts.account_key
where accounts.account_id = $account_id and overdue_runs.from_on <= $as_of

union all

select
    snapshots.as_of as from_on, snapshots.as_of as to_on, snapshots.days_past_due as days_from,
    snapshots.days_past_due as days_to,
    'snapshot' as basis,
    snapshots.balance, snapshots.state
from snapshots
inner join accounts on snapshots.account_key = accounts.account_key
where accounts.account_id = $account_id and snapshots.as_of <= $as_of and not snapshots.is_derived
order by basis, from_on
