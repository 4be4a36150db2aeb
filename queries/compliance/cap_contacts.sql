-- question: Which contacts of some days does a limit count, in order, and in which bucket was each debt on that day?
-- grain: one row per contact and debt that the rule counts; those that cannot be judged are left out
-- uses: compliance/judged_contacts
-- params:
--   from_date date: first local day of the contacts told
--   to_date date: last local day, included
--   window_unit text: trailing (dates), day, week, week_from_sunday, month or lifetime
-- columns:
--   contact_id text: the log's number
--   account_id text: the lender's number
--   branch text: branch of the debt
--   product text: product of the debt
--   currency text: ISO 4217 code
--   team text: team of the collector
--   collector_id text: who made it
--   channel text: as in contacts
--   local_date date: day in the debtor's zone
--   bucket text: M0 to M7+ of the debt on that day
--   place integer: 1 for the first of its scope (and calendar period) since from_date, 2 for the next
-- notes: ordered by scope, period, local date, instant and contact id, as compliance/counted_contacts is; what a limit needs of
--   the days before a period is in it where from_date lies one window earlier
with counted as (
    select
        *,
        case $window_unit
            when 'day' then local_date
            when 'week' then cast(local_date - cast(local_isodow - 1 as integer) as date)
            when 'week_from_sunday' then cast(local_date - cast(local_isodow % 7 as integer) as date)
            when 'month' then cast(date_trunc('month', local_date) as date)
            else date '1970-01-01'
        end as period
    from judged_contacts
    where
        exempt_reason is null
        and missing is null
        and scope_point is not null
        and local_date between $from_date and $to_date
),

aged as (
    select
        counted.contact_key,
        counted.debt_key,
        max(counted.local_date - overdue_stretches.oldest_due_on) as days_past_due
    from counted
    inner join overdue_stretches
        on
            counted.debt_key = overdue_stretches.account_key
            and counted.local_date between overdue_stretches.from_on
            and coalesce(overdue_stretches.to_on, counted.local_date)
    group by counted.contact_key, counted.debt_key
)

select
    counted.contact_id,
    accounts.account_id,
    accounts.branch,
    accounts.product,
    accounts.currency,
    contacts.team,
    contacts.collector_id,
    counted.channel,
    counted.local_date,
    buckets.bucket,
    row_number() over (
        partition by
            counted.scope_lender, counted.scope_agency, counted.scope_person, counted.scope_debtor, counted.scope_debt,
            counted.scope_point, counted.period
        order by counted.local_date, counted.started_at, counted.contact_id
    ) as place
from counted
inner join contacts on counted.contact_key = contacts.contact_key
inner join accounts on counted.debt_key = accounts.account_key
left join aged on counted.contact_key = aged.contact_key and counted.debt_key = aged.debt_key
left join buckets
    on
        coalesce(aged.days_past_due, 0) >= buckets.from_days
        and coalesce(aged.days_past_due, 0) <= coalesce(buckets.to_days, coalesce(aged.days_past_due, 0))
order by
    counted.scope_lender, counted.scope_agency, counted.scope_person, counted.scope_debtor, counted.scope_debt,
    counted.scope_point, counted.period, counted.local_date, counted.started_at, counted.contact_id
