-- question: Who other than the debtor was contacted, and does a rule allow it?
-- grain: one row per contact of the period whose party is not, or is not known to be, the debtor
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
-- columns: local_date, local_time, standing, reason, rule_id, n_rules, role, refused_before, authorised_by, contact_id,
--   account_id, debtor_id, person_id, channel, outcome, purpose, collector_id, team, agency_id
--   local_time text: wall time in the debtor's zone
--   reason: code of the reason of the finding; empty without one
--   rule_id: a rule that found it, with its pack in front; empty without one
--   role: role of who was contacted; unknown where the log does not say
--   person_id: who was contacted
-- notes: standing in order of precedence: breach under a rule on parties; relation not known; not assessable by such a rule;
--   authorised by a consent flag valid then; attorney; else no rule in force objects, which is not the same as allowed.
--   One-way notices without a party are not listed: they reach nobody in particular
with third as (
    select *
    from contacts
    where
        direction = 'out'
        and local_date between $from_date and $to_date
        and (role is null or role <> 'debtor')
        and (role is not null or outcome not in ('not_connected', 'no_answer', 'undelivered', 'voicemail_no_message', 'unknown'))
),

found as (
    select
        contact_key,
        max(case when verdict = 'breach' then reason end) as broken,
        max(case when verdict = 'unknown' then reason end) as unsure,
        max(case when verdict = 'breach' then rule_id end) as broken_rule,
        max(case when verdict = 'unknown' then rule_id end) as unsure_rule,
        count(*) as n_rules
    from findings
    where kind = 'party_rule'
    group by contact_key
),

flagged as (
    select
        third.contact_key,
        max(case when flags.kind = 'third_party_consent' then flags.flag_id end) as consent,
        max(case when flags.kind = 'contact_refused' then flags.flag_id end) as refusal
    from third
    inner join flags on third.debtor_key = flags.debtor_key
    where
        flags.kind in ('third_party_consent', 'contact_refused')
        and flags.person_id is not distinct from third.person_id
        and flags.valid_from <= third.started_at
        and (flags.valid_to is null or third.started_at < flags.valid_to)
    group by third.contact_key
)

select
    third.local_date,
    cast(third.local_time as varchar) as local_time,
    case
        when found.broken is not null then 'breach'
        when third.role is null or third.role = 'unknown' then 'unknown_relation'
        when found.unsure is not null then 'not_assessable'
        when flagged.consent is not null then 'authorised'
        when third.role = 'attorney' then 'representative'
        else 'no_objection'
    end as standing,
    coalesce(found.broken, found.unsure) as reason,
    coalesce(found.broken_rule, found.unsure_rule) as rule_id,
    coalesce(found.n_rules, 0) as n_rules,
    coalesce(third.role, 'unknown') as role,
    flagged.refusal is not null as refused_before,
    flagged.consent as authorised_by, third.contact_id, accounts.account_id, accounts.debtor_id, third.person_id,
    third.channel, third.outcome, third.purpose, third.collector_id, third.team, third.firm as agency_id
from third
inner join accounts on third.account_key = accounts.account_key
left join found on third.contact_key = found.contact_key
left join flagged on third.contact_key = flagged.contact_key
order by third.local_date desc, third.started_at desc, third.contact_id
