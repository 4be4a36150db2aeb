-- question: Which promises fell due in a period, and was the debtor reminded before the day?
-- grain: one row per promise due in the period and not withdrawn
-- uses: promises/promises_due
-- columns: currency, promise_id, account_id, made_on, due_on, kept_on, n_reminders
-- notes: whether a reminder makes a debtor pay is not in a log, because collectors choose whom they remind
with reminders as (
    select accounts.account_id, macros.local_day(contacts.local_date, contacts.started_at) as reminded_on
    from contacts
    inner join accounts on contacts.account_key = accounts.account_key
    where contacts.direction = 'out' and contacts.purpose = 'promise_reminder'
)

select
    promises_due.currency, promises_due.promise_id,
    any_value(promises_due.account_id) as account_id,
    any_value(promises_due.made_on) as made_on,
    any_value(promises_due.due_on) as due_on,
    any_value(case when promises_due.state = 'kept' then promises_due.last_paid_on end) as kept_on,
    count(reminders.reminded_on) as n_reminders
from promises_due
left join reminders
    on
        promises_due.account_id = reminders.account_id
        and reminders.reminded_on between promises_due.made_on + 1 and promises_due.due_on - 1
where promises_due.state <> 'withdrawn'
group by promises_due.currency, promises_due.promise_id
