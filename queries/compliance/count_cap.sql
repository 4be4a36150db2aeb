-- question: Which contacts were too many within the window that a rule sets?
-- grain: one row per contact and debt that the rule judges
-- for: rules
-- uses: compliance/judged_contacts
-- params:
--   max_count integer: contacts allowed per scope and window
--   window_unit text: trailing (dates), day, week, week_from_sunday, month or lifetime
--   window_days integer: dates in a trailing window, the contact's own included
--   explain_all boolean: count at every contact, not only at those past the limit
-- columns: contact_key, debt_key, verdict, reason, detail, counted, limit_count, evidence
--   counted integer: contacts counted at this one, itself included
-- notes: where an agreement takes the place of the limit, contacts up to the agreed number are exempt and what is past it
--   breaches; an agreement without a number that can be read leaves what is past the limit unknown. One step back by max_count
--   places finds the contacts past the limit; only for these the window is gathered again, as evidence. Order is local date,
--   instant, contact id; only the excess breaches
with counted as (
    select
        *,
        exempt_reason is not null as is_agreed,
        macros.period_start(local_date, local_isodow, $window_unit) as period,
        case when $window_unit = 'trailing' then $window_days else 1000000 end as days
    from judged_contacts
    where
        (exempt_reason is null or exempt_reason = 'agreed_frequency')
        and local_date is not null
        and scope_point is not null
),

stepped as (
    select
        *,
        lag(local_date, cast($max_count as integer)) over (
            partition by scope_lender, scope_agency, scope_person, scope_debtor, scope_debt, scope_point, period
            order by local_date, started_at, contact_id
        ) as full_since
    from counted
),

past_limit as (
    select * from stepped
    where $explain_all or is_agreed or date_diff('day', full_since, local_date) < days
),

proofs as (
    select
        past_limit.contact_key, past_limit.debt_key,
        count(case when counted.missing is null then 1 end) as n_sure,
        count(*) as n_possible,
        array_agg(counted.contact_id order by counted.local_date, counted.started_at, counted.contact_id) as evidence
    from past_limit
    inner join counted
        on
            past_limit.scope_lender = counted.scope_lender
            and past_limit.scope_agency = counted.scope_agency
            and past_limit.scope_person = counted.scope_person
            and past_limit.scope_debtor = counted.scope_debtor
            and past_limit.scope_debt = counted.scope_debt
            and past_limit.scope_point = counted.scope_point
            and past_limit.period = counted.period
    where
        date_diff('day', counted.local_date, past_limit.local_date) < past_limit.days
        and (past_limit.is_agreed or not counted.is_agreed)
        and (counted.excused_at is null or counted.excused_at > past_limit.started_at)
        and (counted.local_date, counted.started_at, counted.contact_id)
        <= (past_limit.local_date, past_limit.started_at, past_limit.contact_id)
    group by past_limit.contact_key, past_limit.debt_key
),

judged as (
    select
        judged_contacts.*, proofs.n_sure, proofs.evidence,
        coalesce(judged_contacts.exempt_reason = 'agreed_frequency', false) as is_agreed,
        case
            when judged_contacts.exempt_reason <> 'agreed_frequency' then 'exempt'
            when judged_contacts.missing is not null or judged_contacts.local_date is null then 'unknown'
            when judged_contacts.exempt_reason is not null
                then
                    case
                        when proofs.n_possible <= coalesce(judged_contacts.agreed_count, $max_count) then 'exempt'
                        when proofs.n_sure > judged_contacts.agreed_count then 'breach'
                        else 'unknown'
                    end
            when proofs.n_sure > $max_count then 'breach'
            when proofs.n_possible > $max_count then 'unknown'
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
        when 'breach' then case when is_agreed then 'over_agreed' else 'over_limit' end
        when 'unknown'
            then
                case
                    when missing is not null or local_date is null or (is_agreed and agreed_count is null) then 'missing'
                    else 'others_missing'
                end
    end as reason,
    case
        when verdict = 'exempt' then exempt_detail
        when verdict = 'unknown' and missing is not null then missing
        when verdict = 'unknown' and local_date is null then 'time_zone'
        when verdict = 'unknown' and is_agreed and agreed_count is null then 'flags.detail'
        when verdict = 'breach' and is_agreed then exempt_detail
    end as detail,
    case when verdict in ('breach', 'ok') then n_sure end as counted,
    cast(case when is_agreed then coalesce(agreed_count, $max_count) else $max_count end as bigint) as limit_count,
    case
        when verdict in ('breach', 'ok') then coalesce(evidence, [contact_id])
        when exempt_reason = 'duplicate' then [exempt_detail, contact_id]
        else [contact_id]
    end as evidence
from judged
