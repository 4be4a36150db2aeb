-- question: Was each letter and visit made late enough, and after a quieter word?
-- grain: one row per letter or visit to the debtor in a spell and rule that applies to it
-- uses: process/touches
-- columns: rule_id, item_kind, item_id, currency, account_id, product, branch, team, stage, happened_on, verdict, missing,
--   detail
--   verdict: kept, breach or not_assessable
-- notes: escalation_early: a collection letter or visit in the early stage; a statutory notice is none. escalation_unprepared:
--   a letter or visit after the early stage to a debtor who was sent no message and called by nobody before in the spell; one
--   that the log holds is enough, also where the spell began before the log did
with steps as (
    select
        *,
        min(case when channel in ('sms', 'email', 'app', 'call') and coalesce(unsure, '') <> 'time_zone' then nth end) over (
            partition by account_key, spell_no
        ) as first_told
    from touches
)

select
    case when steps.stage = 'M1' then 'escalation_early' else 'escalation_unprepared' end as rule_id,
    'contact' as item_kind,
    steps.contact_id as item_id, steps.currency, steps.account_id, steps.product, steps.branch, steps.team, steps.stage,
    steps.local_date as happened_on,
    case
        when steps.stage = 'M1' then 'breach'
        when steps.first_told < steps.nth then 'kept'
        when steps.unsure is not null then 'not_assessable'
        else 'breach'
    end as verdict,
    case when steps.stage <> 'M1' and coalesce(steps.first_told, steps.nth) >= steps.nth then steps.unsure end as missing,
    cast(steps.days_past_due as varchar) || ' d' as detail
from steps
where steps.channel in ('letter', 'visit')

union all

select
    'escalation_early' as rule_id,
    'contact' as item_kind,
    steps.contact_id as item_id, steps.currency, steps.account_id, steps.product, steps.branch, steps.team, steps.stage,
    steps.local_date as happened_on,
    'kept' as verdict,
    null as missing,
    cast(steps.days_past_due as varchar) || ' d' as detail
from steps
where steps.channel in ('letter', 'visit') and steps.stage <> 'M1'
