-- question: Which contacts does a limit count, in order, and at which place of its own scope and window does each stand?
-- grain: one row per contact and debt that the rule counts; those that cannot be judged are left out
-- for: rules
-- uses: compliance/judged_contacts
-- params:
--   from_date date: first local day of the contacts told
--   to_date date: last local day, included
--   window_unit text: trailing (dates), day, week, week_from_sunday, month or lifetime
-- columns: contact_key, account_key, contact_id, account_id, branch, product, currency, team, collector_id, agency_id,
--   channel, started_at, local_date, place
--   account_key: account_key of the debt it counts to
--   place integer: 1 for the first of its scope (and calendar period) since from_date, 2 for the next
-- notes: ordered by scope, period, local date, instant and contact id, so that a limit of N steps back N rows. Written once
--   for every limit: a re-count under another number or window reads it again. What a limit needs of the days before a period
--   is in it where from_date lies one window earlier
with counted as (
    select *, macros.period_start(local_date, local_isodow, $window_unit) as period
    from judged_contacts
    where
        exempt_reason is null
        and missing is null
        and scope_point is not null
        and local_date between $from_date and $to_date
)

select
    counted.contact_key, counted.debt_key as account_key, counted.contact_id, accounts.account_id, accounts.branch,
    accounts.product, accounts.currency, contacts.team, contacts.collector_id, contacts.firm as agency_id,
    counted.channel, counted.started_at, counted.local_date,
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
