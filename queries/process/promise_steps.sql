-- question: Was each promise sound, reminded of before it fell due, and left in peace until then?
-- grain: one row per promise and rule that applies to it
-- uses: promises/promise_ledger
-- params:
--   as_of date: nothing after this day is used
--   grace_days integer = 1: days after the due date on which a payment still counts
--   tolerance ratio = 1.0: share of the promised amount that is enough
--   early_days integer = 30: last day past due of the early stage (M1)
--   middle_days integer = 90: last day past due of the middle stage (M2-M3)
--   horizon_days integer = 45: days ahead that a promise may lie at most
--   reminder_days integer = 3: days before the due date in which the reminder belongs
-- columns:
--   rule_id text: which rule
--   item_kind text: contact, promise, dispute, spell or account
--   item_id text: the number of the thing judged
--   currency text: ISO 4217 code of the account
--   account_id text: the lender's number
--   product text: product name
--   branch text: branch that booked the account
--   team text: team of the collector; empty where the log names none
--   stage text: current, M1, M2-M3 or later, by days past due
--   happened_on date: the local day that the period is judged by
--   verdict text: kept, breach or not_assessable
--   missing text: the column that is missing, where it cannot be assessed
--   detail text: the figures it rests on
-- notes: promise_horizon: due at most horizon_days after it was made. promise_amount: at most the balance of the last snapshot
--   before it was made. promise_reminder: a contact with the purpose promise_reminder in the reminder_days before the due date;
--   not judged where the promise was kept, or withdrawn, before its due date, or was made for the same or the next day, and
--   only once the due date has come. promise_quiet: a call between the day it was made and the due date that is no reminder of
--   it, one row per promise; the money of a promise that was kept early ends its quiet
with promised as (
    select
        promise_ledger.promise_id,
        promise_ledger.currency,
        promise_ledger.account_id,
        promise_ledger.product,
        promise_ledger.branch,
        promise_ledger.made_on,
        promise_ledger.due_on,
        promise_ledger.due_on - cast($reminder_days as integer) as reminder_from,
        promise_ledger.state,
        promise_ledger.promised,
        promise_ledger.last_paid_on,
        promises.made_at,
        promises.withdrawn_on,
        promises.account_key,
        contacts.team
    from promise_ledger
    inner join promises on promise_ledger.promise_id = promises.promise_id
    left join contacts on promise_ledger.contact_id = contacts.contact_id
),

seen as (
    select
        promised.promise_id,
        max(snapshots.as_of) as as_of
    from promised
    inner join snapshots on promised.account_key = snapshots.account_key and promised.made_on >= snapshots.as_of
    group by promised.promise_id
),

owed as (
    select
        seen.promise_id,
        seen.as_of,
        snapshots.balance
    from seen
    inner join promised on seen.promise_id = promised.promise_id
    inner join snapshots on promised.account_key = snapshots.account_key and seen.as_of = snapshots.as_of
),

dated as (
    select
        account_key,
        contact_id,
        started_at,
        channel,
        purpose,
        coalesce(local_date, cast(started_at as date)) as local_date
    from contacts
    where direction = 'out' and coalesce(role, 'unknown') in ('debtor', 'unknown')
),

reminded as (
    select distinct promised.promise_id
    from promised
    inner join dated
        on
            promised.account_key = dated.account_key
            and dated.local_date between promised.reminder_from and promised.due_on - 1
    where dated.purpose = 'promise_reminder' and dated.local_date > promised.made_on
),

disturbed as (
    select
        promised.promise_id,
        min(dated.contact_id) as contact_id,
        min(dated.local_date) as local_date
    from promised
    inner join dated
        on
            promised.account_key = dated.account_key
            and promised.made_at < dated.started_at
            and promised.made_on < dated.local_date
            and promised.due_on > dated.local_date
            and coalesce(promised.withdrawn_on, dated.local_date) >= dated.local_date
            and (promised.state <> 'kept' or promised.last_paid_on >= dated.local_date)
    where dated.channel = 'call' and coalesce(dated.purpose, 'demand') = 'demand'
    group by promised.promise_id
),

aged as (
    select
        promised.promise_id,
        max(promised.made_on - overdue_stretches.oldest_due_on) as days_past_due
    from promised
    inner join overdue_stretches
        on
            promised.account_key = overdue_stretches.account_key
            and promised.made_on between overdue_stretches.from_on and coalesce(overdue_stretches.to_on, promised.made_on)
    group by promised.promise_id
),

known as (
    select
        promised.*,
        owed.balance,
        reminded.promise_id is not null as is_reminded,
        disturbed.contact_id as disturbed_by,
        disturbed.local_date as disturbed_on,
        aged.days_past_due
    from promised
    left join owed on promised.promise_id = owed.promise_id
    left join reminded on promised.promise_id = reminded.promise_id
    left join disturbed on promised.promise_id = disturbed.promise_id
    left join aged on promised.promise_id = aged.promise_id
),

rules as (
    select 'promise_horizon' as rule_id
    union all
    select 'promise_amount' as rule_id
    union all
    select 'promise_reminder' as rule_id
    union all
    select 'promise_quiet' as rule_id
)

select
    rules.rule_id,
    'promise' as item_kind,
    known.promise_id as item_id,
    known.currency,
    known.account_id,
    known.product,
    known.branch,
    known.team,
    case
        when known.days_past_due is null then 'current'
        when known.days_past_due <= $early_days then 'M1'
        when known.days_past_due <= $middle_days then 'M2-M3'
        else 'later'
    end as stage,
    case rules.rule_id
        when 'promise_reminder' then known.due_on
        when 'promise_quiet' then coalesce(known.disturbed_on, known.made_on)
        else known.made_on
    end as happened_on,
    case
        when rules.rule_id = 'promise_horizon' and known.due_on - known.made_on > $horizon_days then 'breach'
        when rules.rule_id = 'promise_amount' and known.balance is null then 'not_assessable'
        when rules.rule_id = 'promise_amount' and known.promised > known.balance then 'breach'
        when rules.rule_id = 'promise_reminder' and not known.is_reminded then 'breach'
        when rules.rule_id = 'promise_quiet' and known.disturbed_by is not null then 'breach'
        else 'kept'
    end as verdict,
    case when rules.rule_id = 'promise_amount' and known.balance is null then 'snapshots.balance' end as missing,
    case rules.rule_id
        when 'promise_horizon' then cast(known.due_on - known.made_on as varchar) || ' d'
        when 'promise_amount' then cast(known.promised as varchar) || ' / ' || cast(known.balance as varchar)
        when 'promise_reminder' then cast(known.due_on as varchar)
        else known.disturbed_by
    end as detail
from known
cross join rules
where
    rules.rule_id <> 'promise_reminder'
    or (
        known.due_on <= $as_of
        and known.due_on - known.made_on > 1
        and (known.withdrawn_on is null or known.withdrawn_on >= known.due_on)
        and (known.state <> 'kept' or known.last_paid_on >= known.due_on)
    )
