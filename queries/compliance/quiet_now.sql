-- question: For whom is a quiet period running on a day, and when does it end?
-- grain: one row per debtor, or debt, and whatever the rule takes together, with a period that is running
-- for: rules
-- uses: compliance/judged_contacts, compliance/other_contacts
-- params:
--   on_day date: the day
--   period_unit text: dates, day, week, week_from_sunday or month; a period of hours or for a lifetime is not told
--   period_length integer: how many dates, the earlier contact's own the first
-- columns: debtor_key, account_key, trigger_id, last_on, frees_on
--   account_key: the debt, where the rule is one on a debt; empty where not
--   last_on: local day of that contact
--   frees_on: first day after it
-- notes: only for debtors with a contact that the rule judges, so that its country and products hold. Consent is not looked at
with covered as (
    select distinct debtor_key, scope_lender, scope_agency, scope_person, scope_debtor, scope_debt, scope_point
    from judged_contacts
    where local_date <= $on_day
),

triggers as (
    select
        covered.debtor_key, covered.scope_debt, other_contacts.contact_id, other_contacts.local_date,
        case $period_unit
            when 'dates' then cast(other_contacts.local_date + cast($period_length as integer) as date)
            when 'day' then cast(other_contacts.local_date + 1 as date)
            when 'week' then cast(other_contacts.local_date + cast(8 - other_contacts.local_isodow as integer) as date)
            when 'week_from_sunday'
                then cast(other_contacts.local_date + cast(7 - other_contacts.local_isodow % 7 as integer) as date)
            when 'month' then cast(date_trunc('month', other_contacts.local_date) + interval 1 month as date)
        end as frees_on
    from covered
    inner join other_contacts
        on
            covered.scope_lender = other_contacts.scope_lender
            and covered.scope_agency = other_contacts.scope_agency
            and covered.scope_person = other_contacts.scope_person
            and covered.scope_debtor = other_contacts.scope_debtor
            and covered.scope_debt = other_contacts.scope_debt
            and covered.scope_point = other_contacts.scope_point
    where other_contacts.is_sure and other_contacts.local_date <= $on_day
)

select
    debtor_key,
    nullif(scope_debt, 0) as account_key,
    arg_max(contact_id, (local_date, contact_id)) as trigger_id,
    max(local_date) as last_on,
    max(frees_on) as frees_on
from triggers
where frees_on > $on_day
group by debtor_key, scope_debt
