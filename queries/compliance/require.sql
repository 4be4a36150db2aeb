-- question: Which contacts lack something that they must have?
-- grain: one row per contact and debt that the rule judges
-- for: rules
-- uses: compliance/judged_contacts
-- params:
--   attribute text: channel, direction, outcome, style, purpose, role, place, caller, collector or recording_delay
--   one_of text: values of which it must be one, separated by commas; empty: any
--   none_of text: values that it must not be
--   at_most_hours integer: hours between contact and its recording, for recording_delay
-- columns: contact_key, debt_key, verdict, reason, detail, counted, limit_count, evidence
--   counted integer: contacts counted at this one, itself included
with valued as (
    select
        judged_contacts.*,
        date_diff('second', contacts.started_at, contacts.recorded_at) as delay_seconds,
        case $attribute
            when 'channel' then contacts.channel
            when 'direction' then contacts.direction
            when 'outcome' then nullif(contacts.outcome, 'unknown')
            when 'style' then contacts.style
            when 'purpose' then contacts.purpose
            when 'role' then contacts.role
            when 'place' then contacts.place
            when 'caller' then contacts.caller_type
            when 'collector' then contacts.collector_id
        end as value
    from judged_contacts
    inner join contacts on judged_contacts.contact_key = contacts.contact_key
),

judged as (
    select
        *,
        case
            when exempt_reason is not null then 'exempt'
            when missing is not null then 'unknown'
            when $attribute = 'recording_delay'
                then
                    case
                        when delay_seconds is null or not time_known then 'unknown'
                        when delay_seconds <= 3600 * $at_most_hours then 'ok'
                        else 'breach'
                    end
            when value is null then 'unknown'
            when $one_of <> '' and not macros.is_listed(value, $one_of) then 'breach'
            when macros.is_listed(value, $none_of) then 'breach'
            else 'ok'
        end as verdict
    from valued
)

select
    contact_key, debt_key, verdict,
    case verdict
        when 'exempt' then exempt_reason
        when 'unknown' then 'missing'
        when 'breach' then 'not_as_required'
    end as reason,
    case verdict
        when 'exempt' then exempt_detail
        when 'unknown'
            then
                coalesce(
                    missing,
                    case $attribute
                        when 'recording_delay' then case when delay_seconds is null then 'recorded_at' else 'started_at' end
                        when 'role' then 'party_role'
                        when 'caller' then 'caller_type'
                        when 'collector' then 'collector_id'
                        else $attribute
                    end
                )
        when 'breach' then
            coalesce(value, cast(cast(floor(delay_seconds / 3600.0) as bigint) as varchar) || ' h')
    end as detail,
    cast(null as bigint) as counted, cast(null as bigint) as limit_count,
    [contact_id] as evidence
from judged
