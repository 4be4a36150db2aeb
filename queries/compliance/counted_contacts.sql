-- question: Which contacts does a limit count, in order, and at which place of its own scope and window does each stand?
-- grain: one row per contact and debt that the rule counts; those that cannot be judged are left out
-- uses: compliance/judged_contacts
-- params:
--   from_date date: first local day of the contacts told
--   to_date date: last local day, included
--   window_unit text: trailing (dates), day, week, week_from_sunday, month or lifetime
-- columns:
--   contact_key integer: the contact
--   account_key integer: account_key of the debt it counts to
--   contact_id text: the log's number
--   account_id text: the lender's number
--   branch text: branch of the debt
--   product text: product of the debt
--   currency text: ISO 4217 code
--   team text: team of the collector
--   collector_id text: who made it
--   agency_id text: agency that made it; empty: own staff
--   channel text: as in contacts
--   started_at instant: when (UTC)
--   local_date date: day in the debtor's zone
--   place integer: 1 for the first of its scope (and calendar period) since from_date, 2 for the next
-- notes: ordered by scope, period, local date, instant and contact id, so that a limit of N steps back N rows. Written once
--   for every limit: a re-count under another number or window reads it again. What a limit needs of the days before a period
--   is in it where from_date lies one window earlier
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
)

select
    counted.contact_key,
    counted.debt_key as account_key,
    counted.contact_id,
    accounts.account_id,
    accounts.branch,
    accounts.product,
    accounts.currency,
    contacts.team,
    contacts.collector_id,
    contacts.firm as agency_id,
    counted.channel,
    counted.started_at,
    counted.local_date,
    row_number() over (
        partition by
            counted.scope_lender, counted.scope_agency, counted.scope_person, counted.scope_debtor, counted.scope_debt,
            counted.scope_point, counted.period
        order by counted.local_date, counted.started_at, counted.contact_id
    ) as place
from counted
inner join contacts on counted.contact_key = contacts.contact_key
inner join accounts on counted.debt_key = accounts.account_key
order by
    counted.scope_lender, counted.scope_agency, counted.scope_person, counted.scope_debtor, counted.scope_debt,
    counted.scope_point, counted.period, counted.local_date, counted.started_at, counted.contact_id
