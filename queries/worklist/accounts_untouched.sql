-- question: Which overdue accounts has nobody tried to reach for some days?
-- grain: one row per account that has been overdue for at least that long
-- uses: portfolio/accounts_on_day
-- params:
--   quiet_days integer = 14: days up to and with as_of without an outbound contact or attempt
--     range: 0 to 366
-- columns: currency, todo, account_id, product, branch, item_id, days_past_due, balance, last_on, days_quiet
--   todo: untouched
--   item_id: the last contact; empty where the log has none
--   days_past_due: on the day
--   last_on: local day of the last outbound contact; empty where the log has none
-- notes: a contact about several debts touches each of them; a contact of another account of the debtor does not count. An
--   account that is overdue for fewer days than quiet_days cannot have been left alone for so long
with touched as (
    select account_key, contact_id, macros.local_day(local_date, started_at) as touched_on
    from contacts
    where direction = 'out'

    union all

    select
        contact_debts.account_key, contacts.contact_id,
        macros.local_day(contacts.local_date, contacts.started_at) as touched_on
    from contact_debts
    inner join contacts on contact_debts.contact_key = contacts.contact_key
    where contacts.direction = 'out'
),

last_touch as (
    select account_key, arg_max(contact_id, (touched_on, contact_id)) as contact_id, max(touched_on) as last_on
    from touched
    where touched_on <= $as_of
    group by account_key
)

select
    accounts_on_day.currency,
    'untouched' as todo,
    accounts_on_day.account_id, accounts_on_day.product, accounts_on_day.branch, last_touch.contact_id as item_id,
    accounts_on_day.days_past_due, accounts_on_day.balance, last_touch.last_on,
    date_diff('day', last_touch.last_on, cast($as_of as date)) as days_quiet
from accounts_on_day
inner join accounts on accounts_on_day.account_id = accounts.account_id
left join last_touch on accounts.account_key = last_touch.account_key
where
    accounts_on_day.days_past_due >= greatest($quiet_days, 1)
    and (last_touch.last_on is null or date_diff('day', last_touch.last_on, cast($as_of as date)) >= $quiet_days)
order by accounts_on_day.days_past_due desc, accounts_on_day.account_id
