-- question: Which contacts went to somebody who may not be contacted, or not any more?
-- grain: one row per contact and debt that the rule judges
-- for: rules
-- uses: compliance/judged_contacts
-- params:
--   allow_roles text: roles that may be contacted, separated by commas (likewise below)
--   deny_roles text: roles that may not, but for the circumstances below; a role in neither list cannot be judged
--   unless_flags text: kinds of flag of the debtor that allow it
--   unless_purposes text: purposes for which they allow it
--   permit_flags text: kinds of flag by which the debtor allowed it
--   stop_flags text: kinds of flag by which the person contacted refused
-- columns: contact_key, debt_key, verdict, reason, detail, counted, limit_count, evidence
--   counted integer: contacts counted at this one, itself included
with to_judge as (
    select
        judged_contacts.*,
        coalesce(macros.is_listed(role, $allow_roles), false) as is_allowed,
        coalesce(macros.is_listed(role, $deny_roles), false) as is_denied
    from judged_contacts
    where missing is null and exempt_reason is null
),

standing as (
    select
        to_judge.contact_key, to_judge.debt_key,
        max(case when macros.is_listed(flags.kind, $unless_flags) then flags.flag_id end) as unless_flag,
        max(case when macros.is_listed(flags.kind, $permit_flags) then flags.flag_id end) as permit_flag,
        max(case
            when
                macros.is_listed(flags.kind, $stop_flags)
                and (flags.person_id is null or flags.person_id = to_judge.person_id)
                then flags.flag_id
        end) as stop_flag,
        max(case
            when
                macros.is_listed(flags.kind, $stop_flags)
                and (flags.person_id is null or flags.person_id = to_judge.person_id)
                and coalesce(flags.known_from, flags.valid_from) <= to_judge.started_at
                then 1
            else 0
        end) as is_stop_known
    from to_judge
    inner join flags on to_judge.debtor_key = flags.debtor_key
    where
        to_judge.is_denied
        and (flags.account_key is null or flags.account_key = to_judge.debt_key)
        and flags.valid_from <= to_judge.started_at
        and (flags.valid_to is null or to_judge.started_at < flags.valid_to)
        and (not $known_then or coalesce(flags.known_from, flags.valid_from) <= to_judge.started_at)
    group by to_judge.contact_key, to_judge.debt_key
),

judged as (
    select
        judged_contacts.*, standing.unless_flag, standing.permit_flag, standing.stop_flag,
        case
            when judged_contacts.exempt_reason is not null then judged_contacts.exempt_reason
            when judged_contacts.missing is not null or judged_contacts.role is null then 'missing'
            when to_judge.is_allowed then 'allowed'
            when not to_judge.is_denied then 'missing'
            when standing.stop_flag is not null and standing.is_stop_known = 1 then 'after_refusal'
            when standing.permit_flag is not null then 'consent'
            when standing.unless_flag is null then 'third_party'
            when $unless_purposes = '' or macros.is_listed(judged_contacts.purpose, $unless_purposes)
                then 'circumstances'
            when judged_contacts.purpose is null then 'missing'
            else 'third_party'
        end as outcome
    from judged_contacts
    left join to_judge
        on judged_contacts.contact_key = to_judge.contact_key and judged_contacts.debt_key = to_judge.debt_key
    left join standing
        on judged_contacts.contact_key = standing.contact_key and judged_contacts.debt_key = standing.debt_key
)

select
    contact_key, debt_key,
    case outcome
        when 'missing' then 'unknown'
        when 'allowed' then 'ok'
        when 'after_refusal' then 'breach'
        when 'third_party' then 'breach'
        else 'exempt'
    end as verdict,
    nullif(outcome, 'allowed') as reason,
    case outcome
        when 'missing'
            then
                coalesce(missing, case when role is not null and unless_flag is not null then 'purpose' else 'party_role' end)
        when 'after_refusal' then stop_flag
        when 'third_party' then role
        when 'consent' then coalesce(permit_flag, exempt_detail)
        when 'circumstances' then unless_flag
        else exempt_detail
    end as detail,
    cast(null as bigint) as counted, cast(null as bigint) as limit_count,
    [contact_id] as evidence
from judged
