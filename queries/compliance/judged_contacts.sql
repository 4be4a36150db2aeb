-- question: Which of the contacts that a rule covers are exempt, which cannot be judged, and what do they count with?
-- grain: one row per contact and debt that the rule covers or may cover
-- for: rules
-- uses: compliance/covered_contacts, compliance/agreements
-- params:
--   outcomes text: outcomes judged
--   styles text: styles judged
--   purposes text: purposes judged
--   roles text: roles judged
--   places text: places judged
--   callers text: caller types judged
--   except_outcomes text: outcomes that are exempt
--   except_purposes text: purposes that are exempt
--   except_roles text: roles that are exempt
--   scope text: what counts together: lender, agency, person, debtor, debt, contact_point
--   drop_misdirected boolean: contacts to a number answered as wrong are not contacts of this person
--   collapse_threads boolean: contacts of one thread count once
--   known_then boolean: judge by what was known at the time, not by what is known now
-- columns: contact_key, debt_key, contact_id, debtor_key, person_id, channel, started_at, local_date, local_time,
--   local_isodow, time_known, role, purpose, place, scope_lender, scope_agency, scope_person, scope_debtor, scope_debt,
--   scope_point, missing, exempt_reason, exempt_detail, agreed_count, excused_at
--   local_time time: wall time in the debtor's zone
--   place text: as in contacts
--   missing: column without which the contact cannot be judged
with wrong_points as (
    select contacts.debtor_key, contacts.contact_point_key, min(contacts.started_at) as learned_at
    from contacts
    where $drop_misdirected and contacts.outcome = 'wrong_number' and contacts.contact_point_key is not null
    group by contacts.debtor_key, contacts.contact_point_key
),

weighed as (
    select
        covered_contacts.*, agreements.agreed_by, agreements.agreed_count, agreements.consented_by,
        agreements.consent_known_at, wrong_points.learned_at,
        case when macros.is_listed('lender', $scope) then coalesce(covered_contacts.creditor, '') else '' end
            as scope_lender,
        case when macros.is_listed('agency', $scope) then coalesce(covered_contacts.firm, '') else '' end
            as scope_agency,
        case when macros.is_listed('person', $scope) then covered_contacts.person_key else 0 end as scope_person,
        case when macros.is_listed('debtor', $scope) then covered_contacts.debtor_key else 0 end as scope_debtor,
        case when macros.is_listed('debt', $scope) then covered_contacts.debt_key else 0 end as scope_debt,
        case when macros.is_listed('contact_point', $scope) then covered_contacts.contact_point_key else 0 end
            as scope_point,
        wrong_points.learned_at is not null
        and (not $known_then or covered_contacts.started_at > wrong_points.learned_at) as is_misdirected,
        case
            when covered_contacts.is_here is null then 'region'
            when covered_contacts.is_counted is null then 'contact_debts'
            when $outcomes || $except_outcomes <> '' and nullif(covered_contacts.outcome, 'unknown') is null then 'outcome'
            when $styles <> '' and covered_contacts.style is null then 'style'
            when $purposes || $except_purposes <> '' and covered_contacts.purpose is null then 'purpose'
            when $roles || $except_roles <> '' and covered_contacts.role is null then 'party_role'
            when $places <> '' and covered_contacts.place is null then 'place'
            when $callers <> '' and covered_contacts.caller_type is null then 'caller_type'
            when covered_contacts.is_excepted is null then 'outcome'
        end as missing_attribute
    from covered_contacts
    left join agreements
        on covered_contacts.contact_key = agreements.contact_key and covered_contacts.debt_key = agreements.debt_key
    left join wrong_points
        on
            covered_contacts.debtor_key = wrong_points.debtor_key
            and covered_contacts.contact_point_key = wrong_points.contact_point_key
),

reasoned as (
    select
        *,
        case
            when duplicate_of is not null then 'duplicate'
            when is_judged and is_excepted
                then
                    case
                        when coalesce(macros.is_listed(outcome, $except_outcomes), false) then 'excepted_outcome'
                        when coalesce(macros.is_listed(purpose, $except_purposes), false) then 'excepted_purpose'
                        else 'excepted_role'
                    end
            when is_misdirected then 'misdirected'
            when consented_by is not null then 'consent'
            when agreed_by is not null then 'agreed_frequency'
        end as first_reason,
        case
            when is_judged is null or is_excepted is null or is_counted is null then missing_attribute
            when scope_point is null then 'contact_point'
        end as first_missing
    from weighed
),

threaded as (
    select
        *,
        row_number() over (
            partition by
                scope_lender, scope_agency, scope_person, scope_debtor, scope_debt, scope_point, thread_id,
                first_reason is null and first_missing is null
            order by started_at, contact_id
        ) as place_in_thread
    from reasoned
    where $collapse_threads and thread_id is not null
)

select
    reasoned.contact_key, reasoned.debt_key, reasoned.contact_id, reasoned.debtor_key, reasoned.person_id,
    reasoned.channel, reasoned.started_at, reasoned.local_date, reasoned.local_time, reasoned.local_isodow,
    reasoned.time_known, reasoned.role, reasoned.purpose, reasoned.place, reasoned.scope_lender, reasoned.scope_agency,
    reasoned.scope_person,
    reasoned.scope_debtor, reasoned.scope_debt, reasoned.scope_point,
    case when reasoned.first_reason is null then reasoned.first_missing end as missing,
    coalesce(
        reasoned.first_reason,
        case when reasoned.first_missing is null and threaded.place_in_thread > 1 then 'same_thread' end
    ) as exempt_reason,
    case
        when reasoned.first_reason = 'duplicate' then reasoned.duplicate_of
        when reasoned.first_reason = 'consent' then reasoned.consented_by
        when reasoned.first_reason = 'agreed_frequency' then reasoned.agreed_by
        when reasoned.first_reason = 'excepted_outcome' then reasoned.outcome
        when reasoned.first_reason = 'excepted_purpose' then reasoned.purpose
        when reasoned.first_reason = 'excepted_role' then reasoned.role
        when reasoned.first_reason is null and reasoned.first_missing is null and threaded.place_in_thread > 1
            then reasoned.thread_id
    end as exempt_detail,
    reasoned.agreed_count,
    case when $known_then then least(reasoned.learned_at + interval 1 microsecond, reasoned.consent_known_at) end
        as excused_at
from reasoned
left join threaded on reasoned.contact_key = threaded.contact_key and reasoned.debt_key = threaded.debt_key
