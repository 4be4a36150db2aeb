-- question: Which of the fields that must be known before a first contact are filled, by product or team?
-- grain: one row per field and group of accounts overdue at as_of
-- params:
--   as_of date: a snapshot day
--   grouping_by text = product: what accounts are grouped by; team: of the collector who had the account that day
--     one of: product, team
-- columns: field, group_name, n_accounts, n_filled, share_filled, n_contacted_lacking
--   group_name: product or team; empty where it is not known
--   n_accounts: accounts overdue at as_of
--   n_filled: of these, with the field filled
--   share_filled: n_filled / n_accounts
-- notes: paid_amount is filled where the book has any payment or instalment of the account: nothing paid is then an answer too
with overdue as (
    select
        snapshots.account_key, snapshots.balance, snapshots.days_past_due, accounts.product, accounts.debtor_key,
        accounts.contract_no, accounts.original_amount, accounts.annual_rate
    from snapshots
    inner join accounts on snapshots.account_key = accounts.account_key
    inner join buckets on snapshots.state = buckets.bucket
    where snapshots.as_of = $as_of and buckets.bucket_no > 0
),

held as (
    select assignments.account_key, max(collectors.team) as team
    from assignments
    inner join collectors on assignments.collector_id = collectors.collector_id
    where assignments.assigned_on <= $as_of and coalesce(assignments.ended_on, $as_of) >= $as_of
    group by assignments.account_key
),

told as (
    select account_key
    from payments
    where paid_on <= $as_of
    union
    select account_key
    from instalments
),

contacted as (
    select distinct account_key
    from contacts
    where direction = 'out' and macros.local_day(local_date, started_at) <= $as_of
),

fields as (
    select unnest(
        string_split(
            'name,id_number,phone,email,address,contract_no,original_amount,balance,paid_amount,'
            || 'days_past_due,annual_rate,preferred_channel', ','
        )
    ) as field
),

filled as (
    select
        fields.field,
        case when $grouping_by = 'team' then held.team else overdue.product end as group_name,
        contacted.account_key is not null as is_contacted,
        case fields.field
            when 'name' then debtors.has_name
            when 'id_number' then debtors.has_id_number
            when 'phone' then debtors.has_phone
            when 'email' then debtors.has_email
            when 'address' then debtors.has_address
            when 'contract_no' then overdue.contract_no is not null
            when 'original_amount' then overdue.original_amount is not null
            when 'balance' then overdue.balance is not null
            when 'paid_amount' then told.account_key is not null
            when 'days_past_due' then overdue.days_past_due is not null
            when 'annual_rate' then overdue.annual_rate is not null
            else debtors.preferred_channel is not null
        end as is_filled
    from overdue
    cross join fields
    inner join debtors on overdue.debtor_key = debtors.debtor_key
    left join held on overdue.account_key = held.account_key
    left join told on overdue.account_key = told.account_key
    left join contacted on overdue.account_key = contacted.account_key
)

select
    field, group_name,
    count(*) as n_accounts,
    count(*) filter (where is_filled) as n_filled,
    cast(count(*) filter (where is_filled) as double) / count(*) as share_filled,
    count(*) filter (where is_contacted and coalesce(is_filled, false) = false) as n_contacted_lacking
from filled
group by field, group_name
order by field, group_name
