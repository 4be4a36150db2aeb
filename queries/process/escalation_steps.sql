-- question: Was collection stepped up neither too early nor too late?
-- grain: one row per letter or visit, and one per spell that lasted long enough
-- uses: process/touches
-- params:
--   late_days integer = 30: days after the early stage by which a call, letter or visit must have been made
-- columns:
--   rule_id text: which rule
--   item_kind text: contact, promise, dispute, spell or account
--   item_id text: the number of the thing judged
--   currency text: ISO 4217 code of the account
--   account_id text: the lender's number
--   product text: product name
--   branch text: branch that booked the account
--   team text: team of the collector; empty where the log names none
--   stage text: current, M1, M2-M3 or later, by the day of the spell
--   happened_on date: the local day that the period is judged by
--   verdict text: kept, breach or not_assessable
--   missing text: the column that is missing, where it cannot be assessed
--   detail text: the figures it rests on
-- notes: escalation_early: a collection letter or visit in the early stage; a statutory notice is none. escalation_unprepared:
--   a letter or visit after the early stage to a debtor who was sent or told nothing before in the spell. escalation_late: no call,
--   letter or visit from the first day after the early stage to late_days later, in a spell that lasted that long; a spell with
--   a stop on contact, an attorney, a death, an incapacity, hardship or a dispute in those days is not judged
with steps as (
    select
        *,
        min(case when channel in ('sms', 'email', 'app', 'call') then nth end) over (
            partition by account_key, spell_no
        ) as first_told
    from touches
),

escalated as (
    select
        account_key,
        spell_no,
        min(spell_day) as spell_day,
        max(team) as team
    from touches
    where channel in ('call', 'letter', 'visit') and spell_day > $early_days
    group by account_key, spell_no
),

log_start as (
    select min(local_date) as first_day
    from contacts
),

long_spells as (
    select
        account_key,
        spell_no,
        started_on + cast($early_days as integer) as escalate_from,
        started_on + cast($early_days as integer) + cast($late_days as integer) - 1 as escalate_by
    from spells
    where
        started_on + cast($early_days as integer) + cast($late_days as integer) - 1 <= coalesce(ended_on, $as_of)
        and started_on + cast($early_days as integer) + cast($late_days as integer) - 1 <= $as_of
),

held as (
    select distinct
        long_spells.account_key,
        long_spells.spell_no
    from long_spells
    inner join accounts on long_spells.account_key = accounts.account_key
    inner join flags
        on
            accounts.debtor_key = flags.debtor_key
            and long_spells.account_key = coalesce(flags.account_key, long_spells.account_key)
            and long_spells.escalate_by >= flags.valid_from_on
            and long_spells.escalate_from <= coalesce(flags.valid_to_on, long_spells.escalate_from)
    where
        flags.kind in (
            'cease_contact', 'attorney', 'deceased', 'incapacitated', 'hardship', 'dispute', 'contact_refused'
        )
)

select
    rules.rule_id,
    'contact' as item_kind,
    steps.contact_id as item_id,
    steps.currency,
    steps.account_id,
    steps.product,
    steps.branch,
    steps.team,
    steps.stage,
    steps.local_date as happened_on,
    case
        when rules.rule_id = 'escalation_early' and steps.spell_day <= $early_days then 'breach'
        when rules.rule_id = 'escalation_early' then 'kept'
        when steps.unsure is not null then 'not_assessable'
        when coalesce(steps.first_told, steps.nth) >= steps.nth then 'breach'
        else 'kept'
    end as verdict,
    case when rules.rule_id = 'escalation_unprepared' then steps.unsure end as missing,
    cast(steps.spell_day as varchar) || ' d' as detail
from steps
cross join (
    select 'escalation_early' as rule_id
    union all
    select 'escalation_unprepared' as rule_id
) as rules
where
    steps.channel in ('letter', 'visit')
    and (rules.rule_id = 'escalation_early' or steps.spell_day > $early_days)

union all

select
    'escalation_late' as rule_id,
    'spell' as item_kind,
    accounts.account_id as item_id,
    accounts.currency,
    accounts.account_id,
    accounts.product,
    accounts.branch,
    escalated.team,
    'M2-M3' as stage,
    long_spells.escalate_by as happened_on,
    case
        when long_spells.escalate_from < log_start.first_day then 'not_assessable'
        when escalated.spell_day <= $early_days + $late_days then 'kept'
        else 'breach'
    end as verdict,
    case when long_spells.escalate_from < log_start.first_day then 'log_start' end as missing,
    coalesce('day ' || cast(escalated.spell_day as varchar), 'none') as detail
from long_spells
inner join accounts on long_spells.account_key = accounts.account_key
cross join log_start
left join escalated
    on long_spells.account_key = escalated.account_key and long_spells.spell_no = escalated.spell_no
left join held on long_spells.account_key = held.account_key and long_spells.spell_no = held.spell_no
where held.account_key is null
