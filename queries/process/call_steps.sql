-- question: Was the first call of each spell made only after a reminder, a wait and silence?
-- grain: one row per spell and rule that applies to it
-- uses: process/touches, process/first_calls
-- params:
--   wait_hours integer = 24: hours that must pass between the first delivered reminder and the first call
--     range: 0 to 8784
-- columns: rule_id, item_kind, item_id, currency, account_id, product, branch, team, stage, happened_on, verdict, missing,
--   detail
--   verdict: kept, breach or not_assessable
-- notes: call_without_reminder (a reminder was delivered before), call_without_wait, call_after_payment (nothing was paid in
--   between; a day is counted between only where it lies after that of the reminder and before that of the call, and money that
--   had bounced by then is none) and call_after_response (the debtor had not written or called in between); the last three are
--   judged only where there was a reminder. The wait is exact. Nothing is assessable in a spell that began before the contact
--   log did, or after a contact without a local day
with reminders as (
    select account_key, spell_no, min(started_at) as reminded_at, min(local_date) as reminded_on
    from touches
    where channel in ('sms', 'email', 'app') and outcome = 'delivered'
    group by account_key, spell_no
),

judged_calls as (
    select
        first_calls.*,
        case when reminders.reminded_at < first_calls.started_at then reminders.reminded_at end as reminded_at,
        case when reminders.reminded_at < first_calls.started_at then reminders.reminded_on end as reminded_on
    from first_calls
    left join reminders
        on first_calls.account_key = reminders.account_key and first_calls.spell_no = reminders.spell_no
),

paid_between as (
    select judged_calls.contact_id
    from judged_calls
    inner join payments
        on
            judged_calls.account_key = payments.account_key
            and judged_calls.reminded_on < payments.paid_on
            and judged_calls.local_date > payments.paid_on
    left join payments as bounced
        on
            payments.account_key = bounced.account_key
            and payments.payment_id = bounced.reverses_payment_id
            and judged_calls.local_date >= bounced.paid_on
    where payments.reverses_payment_id is null
    group by judged_calls.contact_id, payments.payment_id, payments.amount
    having payments.amount > coalesce(sum(abs(bounced.amount)), 0)
),

answered_between as (
    select distinct judged_calls.contact_id
    from judged_calls
    inner join contacts
        on
            judged_calls.account_key = contacts.account_key
            and judged_calls.reminded_at < contacts.started_at
            and judged_calls.started_at > contacts.started_at
    where contacts.direction = 'in' and coalesce(contacts.role, 'unknown') in ('debtor', 'unknown')
),

payments_known as (
    select count(*) > 0 as is_known
    from payments
),

checks as (
    select
        judged_calls.contact_id,
        'call_without_reminder' as rule_id,
        case when judged_calls.reminded_at is null then 'breach' else 'kept' end as verdict,
        null as missing,
        cast(judged_calls.reminded_on as varchar) as detail
    from judged_calls

    union all

    select
        judged_calls.contact_id,
        'call_without_wait' as rule_id,
        case
            when judged_calls.started_at < judged_calls.reminded_at + to_hours(cast($wait_hours as integer)) then 'breach'
            else 'kept'
        end as verdict,
        null as missing,
        cast(floor(date_diff('second', judged_calls.reminded_at, judged_calls.started_at) / 360) / 10 as varchar)
        || ' h' as detail
    from judged_calls
    where judged_calls.reminded_at is not null

    union all

    select
        judged_calls.contact_id,
        'call_after_payment' as rule_id,
        case
            when not payments_known.is_known then 'not_assessable'
            when judged_calls.contact_id in (select paid_between.contact_id from paid_between) then 'breach'
            else 'kept'
        end as verdict,
        case when not payments_known.is_known then 'payments' end as missing,
        cast(judged_calls.reminded_on as varchar) as detail
    from judged_calls
    cross join payments_known
    where judged_calls.reminded_at is not null

    union all

    select
        judged_calls.contact_id,
        'call_after_response' as rule_id,
        case when answered_between.contact_id is not null then 'breach' else 'kept' end as verdict,
        null as missing,
        cast(judged_calls.reminded_on as varchar) as detail
    from judged_calls
    left join answered_between on judged_calls.contact_id = answered_between.contact_id
    where judged_calls.reminded_at is not null
)

select
    checks.rule_id,
    'contact' as item_kind,
    checks.contact_id as item_id, touches.currency, touches.account_id, touches.product, touches.branch, touches.team,
    touches.stage, touches.local_date as happened_on,
    case when touches.unsure is null then checks.verdict else 'not_assessable' end as verdict,
    coalesce(touches.unsure, checks.missing) as missing,
    checks.detail
from checks
inner join touches on checks.contact_id = touches.contact_id
