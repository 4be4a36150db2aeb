-- question: How much of a limit on contacts is used on a day, and from when is there room again?
-- grain: one row per debtor, or debt, and whatever the limit counts together, with a contact in the window
-- for: rules
-- uses: compliance/judged_contacts
-- params:
--   on_day date: the day, its contacts so far counted
--   on_isodow integer: its weekday, Monday 1
--   max_count integer: contacts allowed per scope and window
--   window_unit text: trailing (dates), day, week, week_from_sunday, month or lifetime
--   window_days integer: dates in a trailing window, the day itself included
-- columns: debtor_key, account_key, used, unsure, limit_count, n_left, last_on, frees_on
--   account_key: the debt, where the limit is one on a debt; empty where not
--   unsure integer: contacts that may count: a value is missing
-- notes: exempt contacts neither count nor are listed. A number or person that belongs to several debtors is listed with each
with spans as (
    select
        *,
        case $window_unit
            when 'day' then cast($on_day as date)
            when 'week' then cast(cast($on_day as date) - cast($on_isodow - 1 as integer) as date)
            when 'week_from_sunday' then cast(cast($on_day as date) - cast($on_isodow % 7 as integer) as date)
            when 'month' then cast(date_trunc('month', cast($on_day as date)) as date)
            when 'trailing' then cast(cast($on_day as date) - cast($window_days - 1 as integer) as date)
            else date '0001-01-01'
        end as since,
        case $window_unit
            when 'day' then cast(cast($on_day as date) + 1 as date)
            when 'week' then cast(cast($on_day as date) + cast(8 - $on_isodow as integer) as date)
            when 'week_from_sunday' then cast(cast($on_day as date) + cast(7 - $on_isodow % 7 as integer) as date)
            when 'month' then cast(date_trunc('month', cast($on_day as date)) + interval 1 month as date)
        end as next_period
    from judged_contacts
    where exempt_reason is null and local_date <= $on_day and scope_point is not null
),

counted as (
    select
        *,
        row_number() over (
            partition by
                scope_lender, scope_agency, scope_person, scope_debtor, scope_debt, scope_point, missing is null
            order by local_date desc, started_at desc, contact_id desc
        ) as nth_last
    from spans
    where local_date >= since
),

summed as (
    select
        scope_lender, scope_agency, scope_person, scope_debtor, scope_debt, scope_point,
        count(case when missing is null then 1 end) as used,
        count(missing) as unsure,
        max(case when missing is null then local_date end) as last_on,
        max(case when missing is null and nth_last = $max_count then local_date end) as last_to_leave,
        max(next_period) as next_period
    from counted
    group by scope_lender, scope_agency, scope_person, scope_debtor, scope_debt, scope_point
),

listed as (
    select distinct debtor_key, scope_lender, scope_agency, scope_person, scope_debtor, scope_debt, scope_point
    from counted
)

select
    listed.debtor_key,
    nullif(listed.scope_debt, 0) as account_key,
    summed.used, summed.unsure,
    cast($max_count as bigint) as limit_count,
    cast(greatest($max_count - summed.used, 0) as bigint) as n_left,
    summed.last_on,
    case
        when summed.used < $max_count then cast($on_day as date)
        when $max_count = 0 then null
        when $window_unit = 'trailing' then cast(summed.last_to_leave + cast($window_days as integer) as date)
        else summed.next_period
    end as frees_on
from listed
inner join summed
    on
        listed.scope_lender = summed.scope_lender
        and listed.scope_agency = summed.scope_agency
        and listed.scope_person = summed.scope_person
        and listed.scope_debtor = summed.scope_debtor
        and listed.scope_debt = summed.scope_debt
        and listed.scope_point = summed.scope_point
