-- question: On which days was each account overdue, since when was its oldest instalment due, and was it written off by then?
-- grain: one row per account and run of days overdue with one oldest due date, before a write-off or after it
-- params:
--   due_date_is_day_one boolean = false: the oldest due date itself is day 1 past due
-- columns: account_key, spell_no, from_on, to_on, counted_from, is_written_off
--   from_on: first day
--   to_on: last day; empty while the account is overdue
-- notes: the day less counted_from is days past due, and so the bucket and the stage. Written off counts from the snapshot that
--   says so to the day before one that says otherwise; collectible is every other day overdue. Days on which the last snapshot
--   calls the account paid off are in no run, whatever instalments and payments say. States that were derived from instalments
--   and payments say nothing more than these
with told as (
    select
        account_key, as_of as from_on,
        case when state in ('written_off', 'paid_off') then state else 'collectible' end as standing
    from snapshots
    where
        account_key in (
            select ended.account_key from snapshots as ended
            where ended.state in ('written_off', 'paid_off') and not ended.is_derived
        )
        and not is_derived

    union all

    select account_key, date '1900-01-01' as from_on, 'collectible' as standing
    from accounts
),

changes as (
    select
        account_key, from_on, standing,
        lag(standing) over (partition by account_key order by from_on) as standing_before
    from told
),

standings as (
    select
        account_key, standing, from_on,
        lead(from_on) over (partition by account_key order by from_on) - 1 as to_on
    from changes
    where standing is distinct from standing_before
)

select
    overdue_stretches.account_key, overdue_stretches.spell_no,
    greatest(overdue_stretches.from_on, standings.from_on) as from_on,
    case
        when coalesce(overdue_stretches.to_on, standings.to_on) is not null
            then least(coalesce(overdue_stretches.to_on, standings.to_on), coalesce(standings.to_on, overdue_stretches.to_on))
    end as to_on,
    overdue_stretches.oldest_due_on - case when $due_date_is_day_one then 1 else 0 end as counted_from,
    standings.standing = 'written_off' as is_written_off
from overdue_stretches
inner join standings
    on
        overdue_stretches.account_key = standings.account_key
        and coalesce(overdue_stretches.to_on, date '9999-12-31') >= standings.from_on
        and overdue_stretches.from_on <= coalesce(standings.to_on, date '9999-12-31')
where standings.standing <> 'paid_off'
order by overdue_stretches.account_key, overdue_stretches.from_on, standings.from_on
