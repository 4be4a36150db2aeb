-- question: How many dates lie between each counted contact and the 1st, 2nd ... 10th one before it?
-- grain: one row per branch, product, currency, team, number of contacts before and gap
-- for: rules
-- uses: compliance/judged_contacts
-- params:
--   from_date date: first local day of contacts to count
--   to_date date: last local day, included
-- columns: branch, product, currency, team, max_count, gap_days, n_contacts
--   n_contacts: contacts
-- notes: answers a whole grid of limits in one pass: of a limit of N contacts in W dates (up to 10 in 30), those past it are the
--   contacts with max_count N and gap_days below W. The ten gaps of a contact are its signature; few signatures are distinct
with counted as (
    select judged_contacts.*, accounts.branch, accounts.product, accounts.currency, contacts.team
    from judged_contacts
    inner join contacts on judged_contacts.contact_key = contacts.contact_key
    inner join accounts on judged_contacts.debt_key = accounts.account_key
    where
        judged_contacts.exempt_reason is null
        and judged_contacts.missing is null
        and judged_contacts.scope_point is not null
        -- a gap of 30 dates is written for all longer ones too, so nothing earlier can show
        and judged_contacts.local_date between cast($from_date as date) - 30 and cast($to_date as date)
),

stepped as (
    select
        branch, product, currency, team, local_date,
        least(coalesce(date_diff('day', lag(local_date, 1) over by_scope, local_date), 30), 30) as gap_1,
        least(coalesce(date_diff('day', lag(local_date, 2) over by_scope, local_date), 30), 30) as gap_2,
        least(coalesce(date_diff('day', lag(local_date, 3) over by_scope, local_date), 30), 30) as gap_3,
        least(coalesce(date_diff('day', lag(local_date, 4) over by_scope, local_date), 30), 30) as gap_4,
        least(coalesce(date_diff('day', lag(local_date, 5) over by_scope, local_date), 30), 30) as gap_5,
        least(coalesce(date_diff('day', lag(local_date, 6) over by_scope, local_date), 30), 30) as gap_6,
        least(coalesce(date_diff('day', lag(local_date, 7) over by_scope, local_date), 30), 30) as gap_7,
        least(coalesce(date_diff('day', lag(local_date, 8) over by_scope, local_date), 30), 30) as gap_8,
        least(coalesce(date_diff('day', lag(local_date, 9) over by_scope, local_date), 30), 30) as gap_9,
        least(coalesce(date_diff('day', lag(local_date, 10) over by_scope, local_date), 30), 30) as gap_10
    from counted
    window by_scope as (
        partition by scope_lender, scope_agency, scope_person, scope_debtor, scope_debt, scope_point
        order by local_date, started_at, contact_id
    )
),

signed as (
    select
        branch, product, currency, team,
        gap_1
        + 32 * gap_2
        + 1024 * gap_3
        + 32768 * gap_4
        + 1048576 * gap_5
        + 33554432 * gap_6
        + 1073741824 * gap_7
        + 34359738368 * gap_8
        + 1099511627776 * gap_9
        + 35184372088832 * gap_10 as signature,
        count(*) as n_contacts
    from stepped
    where local_date between $from_date and $to_date
    group by branch, product, currency, team, signature
),

steps as (
    select * from (
        values
        (1, 1), (2, 32), (3, 1024), (4, 32768), (5, 1048576), (6, 33554432), (7, 1073741824), (8, 34359738368),
        (9, 1099511627776), (10, 35184372088832)
    ) as of_ten (max_count, unit)
)

select
    signed.branch, signed.product, signed.currency, signed.team, steps.max_count,
    cast(floor(signed.signature / steps.unit) % 32 as bigint) as gap_days,
    cast(sum(signed.n_contacts) as bigint) as n_contacts
from signed
cross join steps
group by signed.branch, signed.product, signed.currency, signed.team, steps.max_count, gap_days
