-- question: Which contacts of some days does a limit count, in order, and in which bucket was each debt on that day?
-- grain: one row per contact and debt that the rule counts; those that cannot be judged are left out
-- for: rules
-- uses: compliance/judged_contacts
-- params:
--   from_date date: first local day of the contacts told
--   to_date date: last local day, included
--   window_unit text: trailing (dates), day, week, week_from_sunday, month or lifetime
-- columns: contact_id, account_id, branch, product, currency, team, collector_id, channel, local_date, bucket, place,
--   first_contact, first_debt
--   bucket: M0 to M7+ of the debt on that day, or written_off
--   place integer: 1 for the first of its scope (and calendar period) since from_date, 2 for the next
-- notes: places go by local date, instant and contact id, as in compliance/counted_contacts; the rows come in no order, because
--   ordering them here costs more than all the rest. What a limit needs of the days before a period is in it where from_date
--   lies one window earlier
with counted as (
    select *, macros.period_start(local_date, local_isodow, $window_unit) as period
    from judged_contacts
    where
        exempt_reason is null
        and missing is null
        and scope_point is not null
        and local_date between $from_date and $to_date
),

aged as (
    select
        counted.contact_key, counted.debt_key,
        max(counted.local_date - overdue_runs.counted_from) as days_past_due,
        bool_or(overdue_runs.is_written_off) as is_written_off
    from counted
    inner join overdue_runs
        on
            counted.debt_key = overdue_runs.account_key
            and counted.local_date between overdue_runs.from_on
            and coalesce(overdue_runs.to_on, counted.local_date)
    group by counted.contact_key, counted.debt_key
),

ages as (
    select distinct days_past_due
    from aged
    union
    select 0 as days_past_due
),

bucketed as (
    select ages.days_past_due, buckets.bucket
    from ages
    inner join buckets
        on
            ages.days_past_due >= buckets.from_days
            and ages.days_past_due <= coalesce(buckets.to_days, ages.days_past_due)
),

placed as (
    select
        contact_key, debt_key, contact_id, channel, local_date,
        row_number() over in_scope_order as place,
        first_value(contact_key) over in_scope_order as first_contact,
        first_value(debt_key) over in_scope_order as first_debt
    from counted
    window
        in_scope_order as (
            partition by scope_lender, scope_agency, scope_person, scope_debtor, scope_debt, scope_point, period
            order by local_date, started_at, contact_id
        )
)

select
    placed.contact_id, accounts.account_id, accounts.branch, accounts.product, accounts.currency, contacts.team,
    contacts.collector_id, placed.channel, placed.local_date,
    case when aged.is_written_off then 'written_off' else bucketed.bucket end as bucket,
    placed.place, placed.first_contact,
    placed.first_debt
from placed
inner join contacts on placed.contact_key = contacts.contact_key
inner join accounts on placed.debt_key = accounts.account_key
left join aged on placed.contact_key = aged.contact_key and placed.debt_key = aged.debt_key
left join bucketed on coalesce(aged.days_past_due, 0) = bucketed.days_past_due
