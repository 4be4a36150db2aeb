-- question: Did each spell begin with a quiet reminder, by the channel that the debtor prefers?
-- grain: one row per spell and rule that applies to it
-- uses: process/touches
-- columns: rule_id, item_kind, item_id, currency, account_id, product, branch, team, stage, happened_on, verdict, missing,
--   detail
--   verdict: kept, breach or not_assessable
-- notes: first_touch: the first contact of a spell is a text message, an e-mail or an app message. preferred_channel: that
--   message goes by the channel the debtor prefers; where the debtor prefers none of these three it is not judged, and a first
--   call is judged by first_touch alone. Nothing is assessable in a spell that began before the contact log did, or after a
--   contact without a local day
with first_touches as (
    select *
    from touches
    where nth = 1
),

checks as (
    select
        first_touches.contact_id,
        'first_touch' as rule_id,
        case when first_touches.channel in ('sms', 'email', 'app') then 'kept' else 'breach' end as verdict,
        null as missing, first_touches.channel as detail
    from first_touches

    union all

    select
        first_touches.contact_id,
        'preferred_channel' as rule_id,
        case
            when first_touches.preferred_channel is null then 'not_assessable'
            when first_touches.channel = first_touches.preferred_channel then 'kept'
            else 'breach'
        end as verdict,
        case when first_touches.preferred_channel is null then 'debtors.preferred_channel' end as missing,
        first_touches.channel || ' <> ' || first_touches.preferred_channel as detail
    from first_touches
    where
        first_touches.channel in ('sms', 'email', 'app')
        and coalesce(first_touches.preferred_channel, 'sms') in ('sms', 'email', 'app')
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
