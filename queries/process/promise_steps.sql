-- question: Was each promise sound, reminded of before it fell due, and left in peace until then?
-- grain: one row per promise and rule that applies to it
-- uses: process/promise_facts
-- params:
--   as_of date: nothing after this day is used
--   horizon_days integer = 45: days ahead that a promise may lie at most
--     range: 0 to 3660
-- columns: rule_id, item_kind, item_id, currency, account_id, product, branch, team, stage, happened_on, verdict, missing,
--   detail
--   happened_on: the day on which it was decided: the day it was made, due, disturbed, or its quiet ended
--   verdict: kept, breach or not_assessable
-- notes: promise_horizon: due at most horizon_days after it was made. promise_amount: at most the balance of the last snapshot
--   before the day it was made. promise_reminder: a contact with the purpose promise_reminder in the reminder_days before the
--   due date; not judged where the promise was kept, or withdrawn, before its due date, or was made for the same or the next
--   day, and only once the due date has come. promise_quiet: a call that demands between the day it was made and the due date,
--   one row per promise; the money of a promise that was kept early, and a withdrawal, end its quiet. Where no reminder or no
--   call is found in days before the contact log began, or no source file says what contacts were for, the two cannot be
--   assessed
with rules as (
    select 'promise_horizon' as rule_id
    union all
    select 'promise_amount' as rule_id
    union all
    select 'promise_reminder' as rule_id
    union all
    select 'promise_quiet' as rule_id
),

-- what cannot be seen in the log: a reminder or a call that it does not hold may have been all the same
hidden as (
    select
        promise_id,
        'promise_reminder' as rule_id,
        case
            when is_reminded then null
            when not has_purpose then 'contacts.purpose'
            when log_from is null or log_from > greatest(due_on - cast($reminder_days as integer), made_on + 1) then 'log_start'
        end as missing
    from promise_facts

    union all

    select
        promise_id,
        'promise_quiet' as rule_id,
        case
            when disturbed_by is not null then case when not has_purpose then 'contacts.purpose' end
            when due_on - made_on > 1 and (log_from is null or log_from > made_on + 1) then 'log_start'
        end as missing
    from promise_facts
),

-- the first day on which nothing can disturb it any more
quiet as (
    select
        promise_id,
        least(
            due_on, coalesce(withdrawn_on, due_on), case when state = 'kept' then coalesce(last_paid_on, due_on) else due_on end
        ) as ended_on
    from promise_facts
)

select
    rules.rule_id,
    'promise' as item_kind,
    promise_facts.promise_id as item_id, promise_facts.currency, promise_facts.account_id, promise_facts.product,
    promise_facts.branch, promise_facts.team, promise_facts.stage,
    case rules.rule_id
        when 'promise_reminder' then promise_facts.due_on
        when 'promise_quiet' then coalesce(promise_facts.disturbed_on, quiet.ended_on)
        else promise_facts.made_on
    end as happened_on,
    case
        when rules.rule_id = 'promise_horizon' and promise_facts.due_on - promise_facts.made_on > $horizon_days then 'breach'
        when rules.rule_id = 'promise_amount' and promise_facts.balance is null then 'not_assessable'
        when rules.rule_id = 'promise_amount' and promise_facts.promised > promise_facts.balance then 'breach'
        when rules.rule_id in ('promise_reminder', 'promise_quiet') and hidden.missing is not null then 'not_assessable'
        when rules.rule_id = 'promise_reminder' and not promise_facts.is_reminded then 'breach'
        when rules.rule_id = 'promise_quiet' and promise_facts.disturbed_by is not null then 'breach'
        else 'kept'
    end as verdict,
    case
        when rules.rule_id = 'promise_amount' and promise_facts.balance is null then 'snapshots.balance'
        when rules.rule_id in ('promise_reminder', 'promise_quiet') then hidden.missing
    end as missing,
    case rules.rule_id
        when 'promise_horizon' then cast(promise_facts.due_on - promise_facts.made_on as varchar) || ' d'
        when 'promise_amount' then cast(promise_facts.promised as varchar) || ' / ' || cast(promise_facts.balance as varchar)
        when 'promise_reminder' then cast(promise_facts.due_on as varchar)
        else promise_facts.disturbed_by
    end as detail
from promise_facts
cross join rules
inner join quiet on promise_facts.promise_id = quiet.promise_id
left join hidden on promise_facts.promise_id = hidden.promise_id and rules.rule_id = hidden.rule_id
where
    promise_facts.state <> 'not_judged'
    and (rules.rule_id <> 'promise_quiet' or coalesce(promise_facts.disturbed_on, quiet.ended_on) <= $as_of)
    and (
        rules.rule_id <> 'promise_reminder'
        or (
            promise_facts.due_on <= $as_of
            and promise_facts.due_on - promise_facts.made_on > 1
            and (promise_facts.withdrawn_on is null or promise_facts.withdrawn_on >= promise_facts.due_on)
            and (promise_facts.state <> 'kept' or promise_facts.last_paid_on >= promise_facts.due_on)
        )
    )
