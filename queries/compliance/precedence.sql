-- question: Which contacts came before the steps that must go before them?
-- grain: one row per contact and debt that the rule judges
-- for: rules
-- uses: compliance/judged_contacts, compliance/other_contacts
-- params:
--   min_count integer: how many earlier contacts it needs
--   within_days integer: dates back in which they count; 0: any time
--   min_age_days integer: dates that must lie between the earlier contact and this one; 0: any earlier one
-- columns: contact_key, debt_key, verdict, reason, detail, counted, limit_count, evidence
--   counted integer: contacts counted at this one, itself included
with proofs as (
    select
        judged_contacts.contact_key, judged_contacts.debt_key,
        count(case when other_contacts.is_sure then 1 end) as n_sure,
        count(*) as n_possible,
        array_agg(other_contacts.contact_id order by other_contacts.started_at, other_contacts.contact_id) as earlier
    from judged_contacts
    inner join other_contacts
        on
            judged_contacts.scope_lender = other_contacts.scope_lender
            and judged_contacts.scope_agency = other_contacts.scope_agency
            and judged_contacts.scope_person = other_contacts.scope_person
            and judged_contacts.scope_debtor = other_contacts.scope_debtor
            and judged_contacts.scope_debt = other_contacts.scope_debt
            and judged_contacts.scope_point = other_contacts.scope_point
    where
        judged_contacts.exempt_reason is null
        and judged_contacts.missing is null
        and (other_contacts.started_at, other_contacts.contact_id)
        < (judged_contacts.started_at, judged_contacts.contact_id)
        and (
            $within_days = 0
            or date_diff('day', other_contacts.local_date, judged_contacts.local_date) <= $within_days
        )
        and (
            $min_age_days = 0
            or date_diff('day', other_contacts.local_date, judged_contacts.local_date) >= $min_age_days
        )
    group by judged_contacts.contact_key, judged_contacts.debt_key
),

judged as (
    select
        judged_contacts.*,
        coalesce(proofs.n_sure, 0) as n_sure,
        proofs.earlier,
        case
            when judged_contacts.exempt_reason is not null then 'exempt'
            when
                judged_contacts.missing is not null
                or (judged_contacts.local_date is null and ($within_days > 0 or $min_age_days > 0))
                then 'unknown'
            when proofs.n_sure >= $min_count then 'ok'
            when proofs.n_possible >= $min_count then 'unknown'
            else 'breach'
        end as verdict
    from judged_contacts
    left join proofs
        on judged_contacts.contact_key = proofs.contact_key and judged_contacts.debt_key = proofs.debt_key
)

select
    contact_key, debt_key, verdict,
    case verdict
        when 'exempt' then exempt_reason
        when 'breach' then 'nothing_before'
        when 'unknown' then
            case
                when missing is not null or (local_date is null and ($within_days > 0 or $min_age_days > 0)) then 'missing'
                else 'others_missing'
            end
    end as reason,
    case
        when verdict = 'exempt' then exempt_detail
        when verdict = 'unknown' then coalesce(missing, case when local_date is null then 'time_zone' end)
    end as detail,
    case when verdict in ('breach', 'ok') then n_sure end as counted,
    cast($min_count as bigint) as limit_count,
    case when verdict = 'breach' then list_concat(coalesce(earlier, cast([] as varchar[])), [contact_id]) else [contact_id] end
        as evidence
from judged
