-- question: In what state was each account when a collector was given it?
-- grain: one row per assignment of the period that is old enough to be judged
-- params:
--   from_date date: first day of assignment
--   to_date date: the day of judgement; assignments count up to within_days before it
--   within_days integer = 30: days from assignment on in which something counts
--     range: 0 to 3660
-- columns: currency, account_key, account_id, product, branch, collector_id, team, assigned_on, ended_on, arm, days_past_due,
--   bucket, days_band, balance_band, risk_grade, cured_on
--   collector_id: who was given it
--   ended_on: last day, where that is up to to_date; open where empty
--   days_past_due: on that day; 0 where it was not overdue; null where that is not known
--   bucket: M0 to M7+ on that day, or written_off by then; unknown where it is not known
--   days_band: days in that bucket so far: 0-2, 3-6, 7-14 or 15+; none in M0, after a write-off and where it is not known
--   balance_band: low, middle or high third of the balances of all these assignments in the currency; unknown without one
--   risk_grade: the lender's own; unknown without one
-- notes: days past due are followed from instalments and payments; where a book has none, the last snapshot counts on. Balance
--   and grade are those of the last snapshot up to the day: nothing that came after the assignment is used
with given as (
    select
        account_key, collector_id, assigned_on,
        case when ended_on <= $to_date then ended_on end as ended_on,
        coalesce(arm, 'none') as arm
    from assignments
    where assigned_on between $from_date and cast($to_date as date) - cast($within_days as integer)
),

followed as (
    select count(*) > 0 as has_stretches
    from overdue_runs
),

last_seen as (
    select given.account_key, given.assigned_on, max(snapshots.as_of) as as_of
    from given
    inner join snapshots on given.account_key = snapshots.account_key
    where snapshots.as_of <= given.assigned_on
    group by given.account_key, given.assigned_on
),

placed as (
    select
        given.account_key, given.collector_id, given.assigned_on, given.ended_on, given.arm,
        case
            when overdue_runs.counted_from is not null
                then given.assigned_on - overdue_runs.counted_from
            when followed.has_stretches then 0
            when snapshots.days_past_due > 0
                then snapshots.days_past_due + (given.assigned_on - snapshots.as_of)
        end as days_past_due,
        coalesce(overdue_runs.is_written_off, snapshots.status is not distinct from 'written_off') as is_written_off,
        snapshots.balance, snapshots.risk_grade,
        spells.ended_on + 1 as cured_on
    from given
    cross join followed
    left join overdue_runs
        on
            given.account_key = overdue_runs.account_key
            and given.assigned_on >= overdue_runs.from_on
            and given.assigned_on <= coalesce(overdue_runs.to_on, date '9999-12-31')
    left join spells
        on overdue_runs.account_key = spells.account_key and overdue_runs.spell_no = spells.spell_no
    left join last_seen on given.account_key = last_seen.account_key and given.assigned_on = last_seen.assigned_on
    left join snapshots on last_seen.account_key = snapshots.account_key and last_seen.as_of = snapshots.as_of
),

ranked as (
    select
        accounts.currency, accounts.account_id, accounts.product, accounts.branch, placed.*,
        case
            when placed.balance is not null
                then percent_rank() over (
                    partition by accounts.currency, placed.balance is null
                    order by placed.balance
                )
        end as place
    from placed
    inner join accounts on placed.account_key = accounts.account_key
)

select
    ranked.currency, ranked.account_key, ranked.account_id, ranked.product, ranked.branch, ranked.collector_id,
    collectors.team, ranked.assigned_on, ranked.ended_on, ranked.arm,
    cast(ranked.days_past_due as bigint) as days_past_due,
    case when ranked.is_written_off then 'written_off' else coalesce(buckets.bucket, 'unknown') end as bucket,
    case
        when ranked.is_written_off then 'none'
        when buckets.bucket is null or buckets.bucket_no = 0 then 'none'
        when ranked.days_past_due - buckets.from_days <= 2 then '0-2'
        when ranked.days_past_due - buckets.from_days <= 6 then '3-6'
        when ranked.days_past_due - buckets.from_days <= 14 then '7-14'
        else '15+'
    end as days_band,
    case
        when ranked.place is null then 'unknown'
        when ranked.place < 1.0 / 3 then 'low'
        when ranked.place < 2.0 / 3 then 'middle'
        else 'high'
    end as balance_band,
    coalesce(ranked.risk_grade, 'unknown') as risk_grade,
    ranked.cured_on
from ranked
left join collectors on ranked.collector_id = collectors.collector_id
left join buckets
    on ranked.days_past_due >= buckets.from_days and ranked.days_past_due <= coalesce(buckets.to_days, 100000)
