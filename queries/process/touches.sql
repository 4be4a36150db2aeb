-- question: Which outbound contacts to the debtor fall into a spell of days past due, and in which order?
-- grain: one row per outbound contact to the debtor whose day lies in a spell of its account
-- params:
--   as_of date: nothing after this day is used
--   early_days integer = 30: last day past due of the early stage (M1)
--     range: 1 to 3660
--   middle_days integer = 90: last day past due of the middle stage (M2-M3)
--     range: early_days to 3660
-- columns: currency, account_key, account_id, product, branch, preferred_channel, spell_no, days_past_due, stage, nth,
--   unsure, contact_id, started_at, local_date, channel, outcome, purpose, template_id, team
--   days_past_due: of the account on that day; empty on a day between two spells that count as one
--   stage: M1, M2-M3 or later, by days past due
--   unsure text: why it cannot be said what came first in the spell: log_start (the spell began before the contact log did),
--     time_zone (a contact of the spell up to here has no local day); empty where it can
--   local_date: the debtor's local day; the UTC day where it is unknown
-- notes: a reply that the debtor asked for and a statutory notice are no collection contact and are left out; so are contacts
--   with other people and those made to find the debtor or to leave word (locate, relay). A call that reached nobody known
--   counts, because it was made to reach the debtor.
with log_start as (
    select min(local_date) as first_day
    from contacts
),

placed as (
    select
        account_key, contact_id, started_at,
        macros.local_day(local_date, started_at) as local_date,
        local_date is null as is_undated,
        channel, outcome, purpose, template_id, team
    from contacts
    where
        direction = 'out'
        and coalesce(role, 'unknown') in ('debtor', 'unknown')
        and coalesce(purpose, 'demand') not in ('reply', 'statutory_notice', 'locate', 'relay')
),

aged as (
    select
        placed.contact_id,
        max(placed.local_date - overdue_runs.counted_from) as days_past_due,
        bool_or(overdue_runs.is_written_off) as is_written_off
    from placed
    inner join overdue_runs
        on
            placed.account_key = overdue_runs.account_key
            and placed.local_date between overdue_runs.from_on and coalesce(overdue_runs.to_on, $as_of)
    group by placed.contact_id
)

select
    accounts.currency, accounts.account_key, accounts.account_id, accounts.product, accounts.branch,
    debtors.preferred_channel, spells.spell_no, aged.days_past_due,
    macros.stage_on(coalesce(aged.days_past_due, 1), aged.is_written_off, $early_days, $middle_days) as stage,
    row_number() over (
        partition by spells.account_key, spells.spell_no
        order by placed.started_at, placed.contact_id
    ) as nth,
    case
        when spells.started_on < log_start.first_day then 'log_start'
        when
            bool_or(placed.is_undated) over (
                partition by spells.account_key, spells.spell_no
                order by placed.started_at, placed.contact_id
                rows between unbounded preceding and current row
            )
            then 'time_zone'
    end as unsure,
    placed.contact_id, placed.started_at, placed.local_date, placed.channel, placed.outcome, placed.purpose,
    placed.template_id, placed.team
from placed
inner join spells
    on
        placed.account_key = spells.account_key
        and placed.local_date between spells.started_on and coalesce(spells.ended_on, $as_of)
inner join accounts on placed.account_key = accounts.account_key
inner join debtors on accounts.debtor_key = debtors.debtor_key
left join aged on placed.contact_id = aged.contact_id
cross join log_start
where placed.local_date <= $as_of
