-- question: Was each contact made while something was owed, with a complete text, and logged so that it can be traced?
-- grain: one row per contact and rule that applies to it
-- uses: process/contact_stages
-- params:
--   posting_days integer = 1: days after the day of the last payment on which a demand may still go out
--     range: 0 to 366
--   in_messages text = name,contract_no,overdue_amount,days_past_due,minimum_due,deadline,payment_channel: what a reminder
--     must say
--     some of: name, contract_no, overdue_amount, days_past_due, minimum_due, deadline, payment_channel
--   in_letters text = debt_details,days_past_due,amount_split,contract_basis,deadline,further_measures,official_contact: what
--     a letter must say
--     some of: debt_details, days_past_due, amount_split, contract_basis, deadline, further_measures, official_contact
-- columns: rule_id, item_kind, item_id, currency, account_id, product, branch, team, stage, happened_on, verdict, missing,
--   detail
--   verdict: kept, breach or not_assessable
-- notes: after_payment: a demand after a spell had ended and before the next one began; where spells come from snapshots
--   alone, it is not known when one ended. template_elements: of reminders by text, e-mail or app message and of collection
--   letters, by the template named; where versions of a template differ in this it is not known which was sent.
--   log_completeness: the outcome is known. traceable: a call or visit names its collector (a machine's is not judged), anything
--   else its template; where no source file has that column it cannot be assessed. A day between two spells that count as one is
--   not after a spell
with given as (
    select column_name, bool_or(is_provided) as is_provided
    from column_presence
    where table_name = 'contacts' and column_name in ('collector_id', 'template_id')
    group by column_name
),

wanted as (
    select
        template_id, version, elements,
        unnest(string_split(case when channel = 'letter' then $in_letters else $in_messages end, ',')) as element
    from templates
),

versions as (
    select
        template_id, version,
        bool_or(elements is null) as is_unknown,
        string_agg(
            case when not list_contains(string_split(elements, '|'), element) then element end, ', '
            order by element
        ) as lacking
    from wanted
    group by template_id, version
),

sent as (
    select
        template_id,
        bool_or(is_unknown) or count(distinct coalesce(lacking, '')) > 1 as is_unknown,
        max(lacking) as lacking
    from versions
    group by template_id
),

judged as (
    select
        *,
        'after_payment' as rule_id,
        case
            when ended_on is null then 'kept'
            when basis = 'snapshots' then 'not_assessable'
            when local_date > ended_on + 1 + cast($posting_days as integer) then 'breach'
            else 'kept'
        end as verdict,
        case when ended_on is not null and basis = 'snapshots' then 'instalments, payments' end as missing,
        cast(ended_on + 1 as varchar) as detail
    from contact_stages
    where direction = 'out' and is_to_debtor and purpose = 'demand' and basis is not null

    union all

    select
        contact_stages.*,
        'template_elements' as rule_id,
        case
            when coalesce(sent.is_unknown, true) then 'not_assessable'
            when sent.lacking is not null then 'breach'
            else 'kept'
        end as verdict,
        case
            when contact_stages.template_id is null then 'contacts.template_id'
            when coalesce(sent.is_unknown, true) then 'templates.elements'
        end as missing,
        contact_stages.template_id || ': ' || sent.lacking as detail
    from contact_stages
    left join sent on contact_stages.template_id = sent.template_id
    where
        contact_stages.direction = 'out'
        and contact_stages.is_to_debtor
        and (
            (contact_stages.channel in ('sms', 'email', 'app') and contact_stages.purpose = 'reminder')
            or (contact_stages.channel = 'letter' and contact_stages.purpose = 'demand')
        )

    union all

    select
        *,
        'log_completeness' as rule_id,
        case when outcome = 'unknown' then 'breach' else 'kept' end as verdict,
        null as missing, null as detail
    from contact_stages

    union all

    select
        contact_stages.*,
        'traceable' as rule_id,
        case
            when not coalesce(given.is_provided, true) then 'not_assessable'
            when contact_stages.channel in ('call', 'visit') and contact_stages.collector_id is null then 'breach'
            when contact_stages.channel not in ('call', 'visit') and contact_stages.template_id is null then 'breach'
            else 'kept'
        end as verdict,
        case when not coalesce(given.is_provided, true) then 'contacts.' || given.column_name end as missing,
        case when contact_stages.channel in ('call', 'visit') then 'collector_id' else 'template_id' end as detail
    from contact_stages
    left join given
        on given.column_name = case when contact_stages.channel in ('call', 'visit') then 'collector_id' else 'template_id' end
    where
        contact_stages.direction = 'out'
        and (contact_stages.channel not in ('call', 'visit') or coalesce(contact_stages.caller_type, 'human') = 'human')
)

select
    rule_id,
    'contact' as item_kind,
    contact_id as item_id, currency, account_id, product, branch, team, stage, local_date as happened_on, verdict,
    missing,
    case when verdict = 'breach' then detail end as detail
from judged
