-- question: Which accounts entered a bucket, when, and with what balance?
-- grain: one row per account and entry up to as_of; an account that cured and came back has one for each time
-- params:
--   as_of date: nothing after this day is used
--   entry_bucket text = M1: the bucket entered
--     one of: overdue_buckets
-- columns: currency, account_id, product, branch, cohort, entered_on, days_past_due, entered_balance
--   entered_on: the snapshot day on which the account first stood in the bucket
--   days_past_due: on that day
--   entered_balance: outstanding balance on that day
-- notes: an entry is a snapshot in the bucket whose account stood before it at the snapshot before; only the first of a spell
--   counts, and a spell ends at a snapshot in M0 or paid off. An account without an earlier snapshot counts where it crossed
--   into the bucket at most 30 days before, so the old stock that a book opens with is not taken for entries (this matters for
--   M7+). An account that jumped over the bucket between two snapshots never entered it
with standing as (
    select
        snapshots.account_key, snapshots.as_of, snapshots.days_past_due, snapshots.balance,
        case when snapshots.state = 'written_off' then 99 else coalesce(buckets.bucket_no, 0) end as position
    from snapshots
    left join buckets on snapshots.state = buckets.bucket
    where snapshots.as_of <= $as_of
),

followed as (
    select
        account_key, as_of, days_past_due, balance, position,
        lag(position) over (partition by account_key order by as_of) as position_before,
        count(*) filter (where position = 0) over (
            partition by account_key
            order by as_of
            rows between unbounded preceding and current row
        ) as spell
    from standing
),

entries as (
    select
        followed.account_key, followed.as_of, followed.days_past_due, followed.balance,
        min(followed.as_of) over (partition by followed.account_key, followed.spell) as first_of_spell
    from followed
    inner join buckets on buckets.bucket = $entry_bucket and followed.position = buckets.bucket_no
    where
        followed.position > 0
        and (
            followed.position_before < followed.position
            or (followed.position_before is null and followed.days_past_due - buckets.from_days <= 30)
        )
)

select
    accounts.currency, accounts.account_id, accounts.product, accounts.branch,
    cast(date_trunc('month', entries.as_of) as date) as cohort,
    entries.as_of as entered_on, entries.days_past_due, entries.balance as entered_balance
from entries
inner join accounts on entries.account_key = accounts.account_key
where entries.as_of = entries.first_of_spell
