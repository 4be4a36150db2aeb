-- question: How long after its first reminder was each spell called, and had it ended by then?
-- grain: one row per spell with a delivered reminder
-- uses: process/touches, process/first_calls
-- params:
--   as_of date: nothing after this day is used
-- columns: currency, account_id, product, spell_no, reminded_on, contact_id, team, called_on, minutes_waited,
--   is_called_before, ended_on, is_sure
--   reminded_on: local day of the first delivered reminder (text message, e-mail or app)
--   contact_id: the first call after it; empty where there is none
--   team: team that called
--   ended_on: last day past due of the spell; empty while it goes on
--   is_sure: whether the log says what came first, up to the call, or to the reminder where there is no call
-- notes: calls are judged as in process/call_steps: only the first call of a spell, and only where a reminder came before it. A
--   spell ends by payment, or where the account is written off or leaves the book
with reminders as (
    select account_key, spell_no, min(nth) as nth
    from touches
    where channel in ('sms', 'email', 'app') and outcome = 'delivered'
    group by account_key, spell_no
),

first_reminders as (
    select touches.*
    from touches
    inner join reminders
        on
            touches.account_key = reminders.account_key
            and touches.spell_no = reminders.spell_no
            and touches.nth = reminders.nth
)

select
    first_reminders.currency, first_reminders.account_id, first_reminders.product, first_reminders.spell_no,
    first_reminders.local_date as reminded_on,
    case when first_calls.nth > first_reminders.nth then first_calls.contact_id end as contact_id,
    case when first_calls.nth > first_reminders.nth then first_calls.team end as team,
    case when first_calls.nth > first_reminders.nth then first_calls.local_date end as called_on,
    case
        when first_calls.nth > first_reminders.nth
            then date_diff('minute', first_reminders.started_at, first_calls.started_at)
    end as minutes_waited,
    coalesce(first_calls.nth < first_reminders.nth, false) as is_called_before,
    case when spells.ended_on <= $as_of then spells.ended_on end as ended_on,
    case
        when first_calls.nth > first_reminders.nth then first_calls.unsure is null
        else first_reminders.unsure is null
    end as is_sure
from first_reminders
inner join spells
    on first_reminders.account_key = spells.account_key and first_reminders.spell_no = spells.spell_no
left join first_calls
    on first_reminders.account_key = first_calls.account_key and first_reminders.spell_no = first_calls.spell_no
