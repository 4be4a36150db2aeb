-- question: Were the data that must be known before the first contact known when each account was contacted?
-- grain: one row per account that was contacted
-- params:
--   as_of date: nothing after this day is used
--   fields text = name,id_number,phone,contract_no,annual_rate: what must be known
--     some of: name, id_number, phone, email, address, contract_no, annual_rate, preferred_channel
--   early_days integer = 30: last day past due of the early stage (M1)
--     range: 1 to 3660
--   middle_days integer = 90: last day past due of the middle stage (M2-M3)
--     range: early_days to 3660
-- columns: rule_id, item_kind, item_id, currency, account_id, product, branch, team, stage, happened_on, verdict, missing,
--   detail
--   verdict: kept, breach or not_assessable
-- notes: mandatory_fields: judged on the day of the first outbound contact, from the data as they stand in the book: no book
--   says when a field was filled. A field that no source file has makes the account not assessable and is named
with contacted as (
    select account_key, min(macros.local_day(local_date, started_at)) as first_day
    from contacts
    where direction = 'out'
    group by account_key
),

wanted as (
    select unnest(string_split($fields, ',')) as field
),

given as (
    select column_name, bool_or(is_provided) as is_provided
    from column_presence
    where table_name in ('debtors', 'accounts')
    group by column_name
),

filled as (
    select
        contacted.account_key, contacted.first_day, wanted.field,
        coalesce(given.is_provided, true) as is_given,
        case wanted.field
            when 'name' then coalesce(debtors.has_name, false)
            when 'id_number' then coalesce(debtors.has_id_number, false)
            when 'phone' then coalesce(debtors.has_phone, false)
            when 'email' then coalesce(debtors.has_email, false)
            when 'address' then coalesce(debtors.has_address, false)
            when 'contract_no' then accounts.contract_no is not null
            when 'annual_rate' then accounts.annual_rate is not null
            when 'preferred_channel' then debtors.preferred_channel is not null
            else false
        end as is_filled
    from contacted
    inner join accounts on contacted.account_key = accounts.account_key
    inner join debtors on accounts.debtor_key = debtors.debtor_key
    cross join wanted
    left join given on wanted.field = given.column_name
    where contacted.first_day <= $as_of
),

judged as (
    select
        account_key,
        min(first_day) as first_day,
        string_agg(case when not is_given then field end, ', ' order by field) as not_given,
        string_agg(case when is_given and not is_filled then field end, ', ' order by field) as lacking
    from filled
    group by account_key
),

staged as (
    select
        judged.account_key,
        max(judged.first_day - overdue_runs.counted_from) as days_past_due,
        bool_or(overdue_runs.is_written_off) as is_written_off
    from judged
    inner join overdue_runs
        on
            judged.account_key = overdue_runs.account_key
            and judged.first_day between overdue_runs.from_on and coalesce(overdue_runs.to_on, judged.first_day)
    group by judged.account_key
)

select
    'mandatory_fields' as rule_id,
    'account' as item_kind,
    accounts.account_id as item_id, accounts.currency, accounts.account_id, accounts.product, accounts.branch,
    cast(null as varchar) as team,
    macros.stage_on(staged.days_past_due, staged.is_written_off, $early_days, $middle_days) as stage,
    judged.first_day as happened_on,
    case
        when judged.lacking is not null then 'breach'
        when judged.not_given is not null then 'not_assessable'
        else 'kept'
    end as verdict,
    case when judged.lacking is null then judged.not_given end as missing,
    judged.lacking as detail
from judged
inner join accounts on judged.account_key = accounts.account_key
left join staged on judged.account_key = staged.account_key
