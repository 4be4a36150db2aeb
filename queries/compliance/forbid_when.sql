-- question: Which contacts were made although a standing instruction or condition forbade them?
-- grain: one row per contact and debt that the rule judges
-- for: rules
-- uses: compliance/judged_contacts
-- params:
--   flags text: kinds of flag that forbid, separated by commas; dispute also means an open row of disputes
--   grace_hours integer: hours after the flag was known in which a contact is still allowed
--   max_days integer: dates a flag forbids at most, its first included; 0 for no limit
-- columns: contact_key, debt_key, verdict, reason, detail, counted, limit_count, evidence
--   counted integer: contacts counted at this one, itself included
-- notes: what a contact lacks, other than its region, matters only while a flag stands. A contact between the start of a
--   flag and the day it became known is exempt (not yet known), and so listed; likewise one within the hours of grace after that
with standing as (
    select
        flag_id, debtor_key, account_key, person_id, valid_from, valid_to, valid_from_on,
        coalesce(known_from, valid_from) as known_at
    from flags
    where macros.is_listed(kind, $flags)
    union all
    select
        disputes.dispute_id as flag_id, accounts.debtor_key, disputes.account_key,
        cast(null as varchar) as person_id,
        disputes.opened_at as valid_from, disputes.resolved_at as valid_to, disputes.opened_on as valid_from_on,
        disputes.opened_at as known_at
    from disputes
    inner join accounts on disputes.account_key = accounts.account_key
    where macros.is_listed('dispute', $flags)
),

held as (
    select
        judged_contacts.contact_key, judged_contacts.debt_key,
        max(case
            when date_diff('second', standing.known_at, judged_contacts.started_at) > 3600 * $grace_hours then standing.flag_id
        end) as known_flag,
        max(case when standing.known_at <= judged_contacts.started_at then standing.flag_id end) as graced_flag,
        max(standing.flag_id) as flag_id
    from judged_contacts
    inner join standing on judged_contacts.debtor_key = standing.debtor_key
    where
        judged_contacts.exempt_reason is null
        and (standing.account_key is null or standing.account_key = judged_contacts.debt_key)
        and (
            standing.person_id is null
            or standing.person_id = judged_contacts.person_id
            or judged_contacts.person_id is null
        )
        and standing.valid_from < judged_contacts.started_at
        and (standing.valid_to is null or judged_contacts.started_at < standing.valid_to)
        and (
            $max_days = 0
            or judged_contacts.local_date is null
            or date_diff('day', standing.valid_from_on, judged_contacts.local_date) < $max_days
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
