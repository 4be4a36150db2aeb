-- question: Of the promises still unpaid when their due date began, were those with a reminder kept more often?
-- grain: one row per currency and kind of promise (reminded or not) that has such promises
-- uses: promises/promises_due
-- columns: currency, is_reminded, n_matured, n_kept, share_kept, share_kept_low, share_kept_high
--   is_reminded: whether a contact for the account with the purpose promise_reminder lies after the day it was made and before
--     the due date
--   n_matured: promises kept, partial or broken that had not been kept before their due date
-- notes: a promise paid early needs no reminder, so to count it would make reminders look harmful; both kinds are compared from
--   the same moment. It still is not the effect of a reminder: a reminder that made the debtor pay before the due date takes the
--   promise out of both kinds, and collectors choose whom they remind. Only a random hold-out tells the effect
with reminders as (
    select accounts.account_id, macros.local_day(contacts.local_date, contacts.started_at) as reminded_on
    from contacts
    inner join accounts on contacts.account_key = accounts.account_key
    where contacts.direction = 'out' and contacts.purpose = 'promise_reminder'
),

reminded as (
    select distinct promises_due.promise_id
    from promises_due
    inner join reminders
        on
            promises_due.account_id = reminders.account_id
            and reminders.reminded_on between promises_due.made_on + 1 and promises_due.due_on - 1
),

counted as (
    select
        promises_due.currency,
        reminded.promise_id is not null as is_reminded,
        count(*) as n_matured,
        count(*) filter (where promises_due.state = 'kept') as n_kept
    from promises_due
    left join reminded on promises_due.promise_id = reminded.promise_id
    where promises_due.is_matured and (promises_due.state <> 'kept' or promises_due.last_paid_on >= promises_due.due_on)
    group by promises_due.currency, reminded.promise_id is not null
)

select
    currency, is_reminded, n_matured, n_kept,
    macros.ratio(n_kept, n_matured) as share_kept,
    macros.wilson_low(n_kept, n_matured) as share_kept_low,
    macros.wilson_high(n_kept, n_matured) as share_kept_high
from counted
order by currency, is_reminded
