-- question: Which contacts went against what the debtor had asked for?
-- grain: one row per contact and debt that the rule judges
-- for: rules
-- uses: compliance/judged_contacts
-- params:
--   preference text: preferred_channel (debtors) or agreed_hours (flags, detail 08:00-20:00)
-- columns: contact_key, debt_key, verdict, reason, detail, counted, limit_count, evidence
--   counted integer: contacts counted at this one, itself included
with hours as (
    select
        judged_contacts.contact_key, judged_contacts.debt_key, judged_contacts.local_time, flags.flag_id, flags.detail,
        row_number() over (
            partition by judged_contacts.contact_key, judged_contacts.debt_key
            order by flags.valid_from desc, flags.flag_id
        ) as newest
    from judged_contacts
    inner join flags on judged_contacts.debtor_key = flags.debtor_key
    where
        $preference = 'agreed_hours'
        and flags.kind = 'agreed_hours'
        and (flags.account_key is null or flags.account_key = judged_contacts.debt_key)
        and flags.valid_from <= judged_contacts.started_at
        and (flags.valid_to is null or judged_contacts.started_at < flags.valid_to)
        and (not $known_then or coalesce(flags.known_from, flags.valid_from) <= judged_contacts.started_at)
),

in_hours as (
    select
        hours.contact_key, hours.debt_key, hours.flag_id, hours.detail,
        bool_or(macros.in_window(hours.local_time, flag_terms.opens, flag_terms.closes, true)) as is_inside
    from hours
    left join flag_terms on hours.flag_id = flag_terms.flag_id and flag_terms.opens is not null
    where hours.newest = 1
    group by hours.contact_key, hours.debt_key, hours.flag_id, hours.detail
),

judged as (
    select
        judged_contacts.*,
        case when $preference = 'agreed_hours' then in_hours.detail else debtors.preferred_channel end as wish,
        case
            when judged_contacts.exempt_reason is not null then 'exempt'
            when judged_contacts.missing is not null then 'unknown'
            when $preference = 'preferred_channel'
                then
                    case
                        when debtors.preferred_channel is null then 'unknown'
                        when debtors.preferred_channel = judged_contacts.channel then 'ok'
                        else 'breach'
                    end
            when in_hours.flag_id is null then 'ok'
            when in_hours.is_inside is null or not judged_contacts.time_known then 'unknown'
            when in_hours.is_inside then 'ok'
            else 'breach'
        end as verdict
    from judged_contacts
    inner join debtors on judged_contacts.debtor_key = debtors.debtor_key
    left join in_hours
        on judged_contacts.contact_key = in_hours.contact_key and judged_contacts.debt_key = in_hours.debt_key
)

select
    contact_key, debt_key, verdict,
    case verdict
        when 'exempt' then exempt_reason
        when 'unknown' then 'missing'
        when 'breach' then 'not_as_preferred'
    end as reason,
    case verdict
        when 'exempt' then exempt_detail
        when 'breach' then wish
        when 'unknown' then
            coalesce(
                missing,
                case
                    when $preference = 'preferred_channel' then 'preferred_channel'
                    when local_time is null then 'time_zone'
                    when not time_known then 'started_at'
                    else 'flags.detail'
                end
            )
    end as detail,
    cast(null as bigint) as counted, cast(null as bigint) as limit_count,
    [contact_id] as evidence
from judged
