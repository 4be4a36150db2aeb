-- question: Which contacts fell into a period in which an earlier contact forbade them?
-- grain: one row per contact and debt that the rule judges
-- for: rules
-- uses: compliance/judged_contacts, compliance/other_contacts
-- params:
--   period_unit text: dates, hour, day, week, week_from_sunday, month or lifetime
--   period_length integer: how many dates (the earlier contact's own is the first) or hours
--   different_channel boolean: only a contact by another channel is forbidden
-- columns: contact_key, debt_key, verdict, reason, detail, counted, limit_count, evidence
--   counted integer: contacts counted at this one, itself included
with weeks as (
    select *, macros.period_start(local_date, local_isodow, $period_unit) as period
    from judged_contacts
),

other_weeks as (
    select *, macros.period_start(local_date, local_isodow, $period_unit) as period
    from other_contacts
),

proofs as (
    select
        weeks.contact_key, weeks.debt_key,
        max(case when other_weeks.is_sure then 1 else 0 end) as n_sure,
        max_by(other_weeks.contact_id, row(other_weeks.started_at, other_weeks.contact_id))
        filter (where other_weeks.is_sure) as last_trigger
    from weeks
    inner join other_weeks
        on
            weeks.scope_lender = other_weeks.scope_lender
            and weeks.scope_agency = other_weeks.scope_agency
            and weeks.scope_person = other_weeks.scope_person
            and weeks.scope_debtor = other_weeks.scope_debtor
            and weeks.scope_debt = other_weeks.scope_debt
            and weeks.scope_point = other_weeks.scope_point
    where
        weeks.exempt_reason is null
        and weeks.missing is null
        and (other_weeks.started_at, other_weeks.contact_id) < (weeks.started_at, weeks.contact_id)
        and (not $different_channel or other_weeks.channel <> weeks.channel)
        and case $period_unit
            when 'dates' then date_diff('day', other_weeks.local_date, weeks.local_date) < $period_length
            when 'hour' then date_diff('second', other_weeks.started_at, weeks.started_at) < 3600 * $period_length
            when 'lifetime' then true
            else weeks.period = other_weeks.period
        end
    group by weeks.contact_key, weeks.debt_key
),

judged as (
    select
        judged_contacts.*, proofs.last_trigger,
        case
            when judged_contacts.exempt_reason is not null then 'exempt'
            when
                judged_contacts.missing is not null
                or (judged_contacts.local_date is null and $period_unit not in ('hour', 'lifetime'))
                or (not judged_contacts.time_known and $period_unit = 'hour')
                then 'unknown'
            when proofs.n_sure = 1 then 'breach'
            when proofs.n_sure = 0 then 'unknown'
            else 'ok'
        end as verdict
    from judged_contacts
    left join proofs
        on judged_contacts.contact_key = proofs.contact_key and judged_contacts.debt_key = proofs.debt_key
)

select
    contact_key, debt_key, verdict,
    case verdict
        when 'exempt' then exempt_reason
        when 'breach' then 'in_quiet_period'
        when 'unknown' then
            case
                when
                    missing is not null
                    or (local_date is null and $period_unit not in ('hour', 'lifetime'))
                    or (not time_known and $period_unit = 'hour')
                    then 'missing'
                else 'others_missing'
            end
    end as reason,
    case
        when verdict = 'exempt' then exempt_detail
        when verdict = 'breach' then last_trigger
        when verdict = 'unknown'
            then
                coalesce(
                    missing,
                    case when local_date is null then 'time_zone' end,
                    case when not time_known and $period_unit = 'hour' then 'started_at' end
                )
    end as detail,
    cast(null as bigint) as counted, cast(null as bigint) as limit_count,
    case when verdict = 'breach' then [last_trigger, contact_id] else [contact_id] end as evidence
from judged
