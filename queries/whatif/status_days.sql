-- question: Which state was an account in, from which day on, and had it gone to court before?
-- grain: one row per account and snapshot that tells another state than the snapshot before it
-- params:
--   to_date date: last day, included
--   permille integer = 1000: thousandths of the debtors to draw; 1000 for all
--     range: 0 to 1000
-- columns: account_key, seen_on, status, is_after_court
--   seen_on: day of the snapshot
--   status: active, restructured, legal, written_off or paid_off
-- notes: how long before the snapshot the state began is not known
with told as (
    select
        snapshots.account_key, snapshots.as_of, snapshots.status,
        lag(snapshots.status) over (partition by snapshots.account_key order by snapshots.as_of) as status_before,
        max(case when snapshots.status = 'legal' then snapshots.as_of end)
            over (partition by snapshots.account_key order by snapshots.as_of)
            as legal_on,
        max(case when snapshots.status in ('active', 'restructured') then snapshots.as_of end)
            over (partition by snapshots.account_key order by snapshots.as_of)
            as active_on
    from snapshots
    inner join accounts on snapshots.account_key = accounts.account_key
    where snapshots.as_of <= $to_date and (cast(accounts.debtor_key as bigint) * 7919) % 1000 < $permille
)

select
    account_key, as_of as seen_on, status,
    status <> 'legal' and legal_on is not null and legal_on > coalesce(active_on, date '0001-01-01') as is_after_court
from told
where status_before is null or status_before <> status
