-- question: How does each stage of the process do by the measures that the template implies for it?
-- grain: one row per stage and measure
-- uses: process/check_counts
-- params:
--   as_of date: day on which preparation is judged
-- columns: stage, kpi, n_yes, n_all, share, share_low, share_high
--   stage: prep, M1 or M2-M3
--   n_all: those that can be judged
--   share: n_yes / n_all; null where there is none
--   share_low: lower Wilson 95 % limit
--   share_high: upper Wilson 95 % limit
-- notes: prep: accounts overdue at as_of with name, identity and telephone number, contract number and rate (data_ready), a risk
--   grade (graded), a known cause (cause_known). M1: first touch quiet (quiet_first) and first call after the wait (waited), both
--   of the period; spells that reached their eighth day in the period and were reached in the first seven by a delivered
--   message or a conversation (aware_by_7); spells that reached day 31 in the period and had ended before (self_cure_30).
--   M2-M3: promises reminded of (reminded), texts complete (texts_complete), stepped up in time (escalated), each in that stage
with overdue as (
    select
        snapshots.account_key, snapshots.risk_grade, snapshots.delay_cause,
        accounts.contract_no is not null and accounts.annual_rate is not null
        and debtors.has_name and debtors.has_id_number and debtors.has_phone as is_ready
    from snapshots
    inner join accounts on snapshots.account_key = accounts.account_key
    inner join debtors on accounts.debtor_key = debtors.debtor_key
    where
        snapshots.as_of = $as_of
        and snapshots.days_past_due > 0
        and coalesce(snapshots.status, 'active') not in ('paid_off', 'written_off')
),

reached as (
    select spells.account_key, spells.spell_no, min(contacts.local_date - spells.started_on) as day
    from spells
    inner join contacts
        on
            spells.account_key = contacts.account_key
            and contacts.local_date between spells.started_on and spells.started_on + 6
    where
        contacts.outcome in ('delivered', 'conversation')
        and coalesce(contacts.role, 'unknown') in ('debtor', 'unknown')
        and spells.started_on + 7 >= $from_date
        and spells.started_on <= $to_date
    group by spells.account_key, spells.spell_no
),

log_start as (
    select min(local_date) as first_day
    from contacts
),

measured as (
    select 'prep' as stage, 'data_ready' as kpi, count(*) filter (where is_ready) as n_yes, count(*) as n_all
    from overdue
    union all
    select 'prep' as stage, 'graded' as kpi, count(risk_grade) as n_yes, count(*) as n_all
    from overdue
    union all
    select
        'prep' as stage,
        'cause_known' as kpi,
        count(*) filter (where delay_cause <> 'unknown') as n_yes,
        count(*) as n_all
    from overdue
    union all
    select 'M1' as stage, 'aware_by_7' as kpi, count(reached.account_key) as n_yes, count(*) as n_all
    from spells
    cross join log_start
    left join reached on spells.account_key = reached.account_key and spells.spell_no = reached.spell_no
    where
        spells.started_on + 7 between $from_date and $to_date
        and spells.started_on >= log_start.first_day
        and coalesce(spells.ended_on, $to_date) >= spells.started_on + 7
    union all
    select
        'M1' as stage,
        'self_cure_30' as kpi,
        count(*) filter (where ended_on < started_on + 30) as n_yes,
        count(*) as n_all
    from spells
    where started_on + 30 between $from_date and $to_date
    union all
    select
        case when rule_id in ('house.first_touch', 'house.call_without_wait') then 'M1' else 'M2-M3' end as stage,
        case rule_id
            when 'house.first_touch' then 'quiet_first'
            when 'house.call_without_wait' then 'waited'
            when 'house.promise_reminder' then 'reminded'
            when 'house.template_elements' then 'texts_complete'
            else 'escalated'
        end as kpi,
        macros.sum_where(n_items, verdict = 'kept') as n_yes,
        macros.sum_where(n_items, verdict in ('kept', 'breach')) as n_all
    from check_counts
    where
        rule_id in ('house.first_touch', 'house.call_without_wait')
        or (
            rule_id in ('house.promise_reminder', 'house.template_elements', 'house.escalation_late') and stage = 'M2-M3'
        )
    group by rule_id
)

select
    stage, kpi, n_yes, n_all,
    macros.ratio(n_yes, n_all) as share,
    macros.wilson_low(n_yes, n_all) as share_low,
    macros.wilson_high(n_yes, n_all) as share_high
from measured
order by case stage when 'prep' then 1 when 'M1' then 2 else 3 end, kpi
