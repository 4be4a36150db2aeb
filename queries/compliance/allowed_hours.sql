-- question: Which contacts happened outside the hours that the law, or an agreement, leaves for them?
-- grain: one row per contact and debt that the rule judges
-- for: rules
-- uses: compliance/judged_contacts, compliance/clock_times
-- params:
--   end_inclusive boolean: the last time itself is allowed
--   agreed_hours text: what agreed hours do: replace, narrow or none
--   off_when_days_past_due_over integer: no limit for accounts longer overdue than this; 0: always a limit
-- columns: contact_key, debt_key, verdict, reason, detail, counted, limit_count, evidence
--   counted integer: contacts counted at this one, itself included
-- notes: what a contact lacks matters only where it was outside the hours. A contact at the debtor's place of work outside the
--   hours of work of the rule cannot be judged: the debtor's own working hours are not in a log. Days past due between
--   snapshots: those of the last snapshot before plus the days since are the most they can be; a contact is only taken out of
--   the limit where the last snapshot was past it and nothing was paid since
with in_law as (
    select
        contact_key, debt_key, debtor_key,
        min(started_at) as started_at,
        bool_and(is_inside) as is_inside,
        bool_and(is_work_time) as is_work_time,
        max(case
            when is_inside then null
            when opens is null then 'none'
            else substring(cast(opens as varchar), 1, 5) || '-' || substring(cast(closes as varchar), 1, 5)
        end) as broken_window
    from clock_times
    group by contact_key, debt_key, debtor_key
),

agreed as (
    select
        in_law.contact_key, in_law.debt_key, flags.flag_id, flags.detail,
        row_number() over (
            partition by in_law.contact_key, in_law.debt_key order by flags.valid_from desc, flags.flag_id
        ) as newest
    from in_law
    inner join flags on in_law.debtor_key = flags.debtor_key
    where
        $agreed_hours <> 'none'
        and flags.kind = 'agreed_hours'
        and (flags.account_key is null or flags.account_key = in_law.debt_key)
        and flags.valid_from <= in_law.started_at
        and (flags.valid_to is null or in_law.started_at < flags.valid_to)
        and (not $known_then or coalesce(flags.known_from, flags.valid_from) <= in_law.started_at)
),

agreed_clocks as (
    select
        agreed.contact_key, agreed.debt_key, agreed.flag_id, agreed.detail, clock_times.local_time,
        bool_or(macros.in_window(clock_times.local_time, flag_terms.opens, flag_terms.closes, $end_inclusive)) as is_inside
    from agreed
    inner join clock_times
        on agreed.contact_key = clock_times.contact_key and agreed.debt_key = clock_times.debt_key
    left join flag_terms on agreed.flag_id = flag_terms.flag_id and flag_terms.opens is not null
    where agreed.newest = 1
    group by agreed.contact_key, agreed.debt_key, agreed.flag_id, agreed.detail, clock_times.local_time
),

in_agreement as (
    select
        contact_key, debt_key,
        min(flag_id) as flag_id,
        min(detail) as agreed_window,
        count(*) > count(is_inside) as is_unreadable,
        bool_and(is_inside) as is_inside
    from agreed_clocks
    group by contact_key, debt_key
),

outside as (
    select in_law.contact_key, in_law.debt_key, min(judged_contacts.local_date) as day, max(snapshots.as_of) as as_of
    from in_law
    inner join judged_contacts
        on in_law.contact_key = judged_contacts.contact_key and in_law.debt_key = judged_contacts.debt_key
    inner join snapshots on in_law.debt_key = snapshots.account_key
    where $off_when_days_past_due_over > 0 and not in_law.is_inside and snapshots.as_of <= judged_contacts.local_date
    group by in_law.contact_key, in_law.debt_key
),

lateness as (
    select
        outside.contact_key, outside.debt_key, snapshots.days_past_due,
        snapshots.days_past_due + date_diff('day', outside.as_of, outside.day) as days_at_most,
        count(payments.payment_id) as n_payments
    from outside
    inner join snapshots on outside.debt_key = snapshots.account_key and outside.as_of = snapshots.as_of
    left join payments
        on outside.debt_key = payments.account_key and payments.paid_on between outside.as_of and outside.day
    group by outside.contact_key, outside.debt_key, snapshots.days_past_due, outside.as_of, outside.day
),

judged as (
    select
        judged_contacts.*, in_law.broken_window, in_law.is_work_time, in_agreement.flag_id, in_agreement.agreed_window,
        case
            when judged_contacts.exempt_reason is not null then judged_contacts.exempt_reason
            when judged_contacts.local_date is null or not judged_contacts.time_known then 'missing'
            when in_law.is_inside and in_agreement.flag_id is null
                then
                    case
                        when not in_law.is_work_time and coalesce(judged_contacts.place = 'work', true) then 'missing'
                        when judged_contacts.missing = 'region' then 'missing'
                    end
            when judged_contacts.missing is not null then 'missing'
            when in_agreement.is_unreadable then 'missing'
            when not in_agreement.is_inside and ($agreed_hours = 'replace' or in_law.is_inside) then 'outside_agreed_hours'
            when in_law.is_inside then null
            when in_agreement.is_inside and $agreed_hours = 'replace' then 'agreed_hours'
            when $off_when_days_past_due_over = 0 or lateness.days_at_most <= $off_when_days_past_due_over then 'outside_hours'
            when lateness.days_past_due > $off_when_days_past_due_over and lateness.n_payments = 0 then 'past_due_long'
            else 'missing'
        end as reason
    from judged_contacts
    left join in_law
        on judged_contacts.contact_key = in_law.contact_key and judged_contacts.debt_key = in_law.debt_key
    left join in_agreement
        on judged_contacts.contact_key = in_agreement.contact_key and judged_contacts.debt_key = in_agreement.debt_key
    left join lateness
        on judged_contacts.contact_key = lateness.contact_key and judged_contacts.debt_key = lateness.debt_key
)

select
    contact_key, debt_key,
    case
        when reason in ('outside_hours', 'outside_agreed_hours') then 'breach'
        when reason = 'missing' then 'unknown'
        when reason is not null then 'exempt'
        else 'ok'
    end as verdict,
    reason,
    case reason
        when 'outside_hours' then broken_window
        when 'outside_agreed_hours' then agreed_window
        when 'agreed_hours' then flag_id
        when 'missing'
            then
                coalesce(
                    missing,
                    case
                        when local_date is null then 'time_zone'
                        when not time_known then 'started_at'
                        when agreed_window is not null then 'flags.detail'
                        when not is_work_time then case when place is null then 'place' else 'working_hours' end
                    end,
                    'snapshots'
                )
        else exempt_detail
    end as detail,
    cast(null as bigint) as counted, cast(null as bigint) as limit_count,
    case when reason = 'duplicate' then [exempt_detail, contact_id] else [contact_id] end as evidence
from judged
