-- question: Which contacts were made although a standing instruction or condition forbade them?
-- grain: one row per contact and debt that the rule judges
-- for: rules
-- uses: compliance/judged_contacts, compliance/standing_flags
-- params:
--   grace_hours integer: hours after the flag was known in which a contact is still allowed
--   max_days integer: dates a flag forbids at most, its first included; 0 for no limit
-- columns: contact_key, debt_key, verdict, reason, detail, counted, limit_count, evidence
--   counted integer: contacts counted at this one, itself included
-- notes: what a contact lacks, other than its region, matters only while a flag stands. A contact between the start of a
--   flag and the day it became known is exempt (not yet known), and so listed; likewise one within the hours of grace after that
with held as (
    select
        judged_contacts.contact_key, judged_contacts.debt_key,
        max(case
            when date_diff('second', standing_flags.known_at, judged_contacts.started_at) > 3600 * $grace_hours
                then standing_flags.flag_id
        end) as known_flag,
        max(case when standing_flags.known_at <= judged_contacts.started_at then standing_flags.flag_id end) as graced_flag,
        max(standing_flags.flag_id) as flag_id
    from judged_contacts
    inner join standing_flags on judged_contacts.debtor_key = standing_flags.debtor_key
    where
        judged_contacts.exempt_reason is null
        and (standing_flags.account_key is null or standing_flags.account_key = judged_contacts.debt_key)
        and (
            standing_flags.person_id is null
            or standing_flags.person_id = judged_contacts.person_id
            or judged_contacts.person_id is null
        )
        and standing_flags.valid_from < judged_contacts.started_at
        and (standing_flags.valid_to is null or judged_contacts.started_at < standing_flags.valid_to)
        and (
            $max_days = 0
            or judged_contacts.local_date is null
            or date_diff('day', standing_flags.valid_from_on, judged_contacts.local_date) < $max_days
        )
    group by judged_contacts.contact_key, judged_contacts.debt_key
),

judged as (
    select
        judged_contacts.*, held.known_flag, held.graced_flag, held.flag_id,
        case
            when judged_contacts.exempt_reason is not null then 'exempt'
            when judged_contacts.missing = 'region' then 'unknown'
            when
                held.known_flag is not null
                and (judged_contacts.missing is not null or ($max_days > 0 and judged_contacts.local_date is null))
                then 'unknown'
            when held.known_flag is not null then 'breach'
            when held.flag_id is not null then 'exempt'
            else 'ok'
        end as verdict
    from judged_contacts
    left join held on judged_contacts.contact_key = held.contact_key and judged_contacts.debt_key = held.debt_key
)

select
    contact_key, debt_key, verdict,
    case verdict
        when 'exempt'
            then
                coalesce(exempt_reason, case when graced_flag is null then 'not_yet_known' else 'within_hours_of_grace' end)
        when 'unknown' then 'missing'
        when 'breach' then 'standing_instruction'
    end as reason,
    case verdict
        when 'exempt' then coalesce(exempt_detail, graced_flag, flag_id)
        when 'unknown' then coalesce(missing, 'time_zone')
        when 'breach' then known_flag
    end as detail,
    cast(null as bigint) as counted, cast(null as bigint) as limit_count,
    [contact_id] as evidence
from judged
