-- question: Was collection stepped up soon enough after the early stage?
-- grain: one row per spell in which the account stayed past the early stage for late_days
-- uses: process/touches
-- params:
--   as_of date: nothing after this day is used
--   early_days integer = 30: last day past due of the early stage (M1)
--     range: 1 to 3660
--   late_days integer = 30: days, the first after the early stage included, in which a call, letter or visit must be made
--     range: 1 to 366
-- columns: rule_id, item_kind, item_id, currency, account_id, product, branch, team, stage, happened_on, verdict, missing,
--   detail
--   verdict: kept, breach or not_assessable
-- notes: escalation_late. Judged where the account was collectible and past the early stage on each of these days; a
--   later return to it in the same spell is not judged again. Not judged where a stop on contact, an attorney, a death, an
--   incapacity, hardship or a dispute of the debtor stood in those days, as a flag or among the disputes; a flag about somebody
--   else stops nothing. Its stage is always M2-M3, in which the step belongs
with log_start as (
    select min(local_date) as first_day
    from contacts
),

aged as (
    select
        account_key, spell_no,
        min(
            case
                when coalesce(to_on, $as_of) - counted_from > $early_days
                    then greatest(from_on, counted_from + cast($early_days as integer) + 1)
            end
        ) as late_from
    from overdue_runs
    where from_on <= $as_of and not is_written_off
    group by account_key, spell_no
),

windows as (
    select account_key, spell_no, late_from, late_from + cast($late_days as integer) - 1 as late_to
    from aged
),

-- those that were past the early stage on each of these days
late as (
    select windows.account_key, windows.spell_no, windows.late_from, windows.late_to
    from windows
    inner join overdue_runs
        on
            windows.account_key = overdue_runs.account_key
            and windows.spell_no = overdue_runs.spell_no
            and windows.late_to >= overdue_runs.from_on
            and windows.late_from <= coalesce(overdue_runs.to_on, windows.late_to)
    where windows.late_to <= $as_of and not overdue_runs.is_written_off
    group by windows.account_key, windows.spell_no, windows.late_from, windows.late_to
    having
        sum(greatest(
            0,
            least(coalesce(overdue_runs.to_on, windows.late_to), windows.late_to) + 1 - greatest(
                overdue_runs.from_on,
                windows.late_from,
                overdue_runs.counted_from + cast($early_days as integer) + 1
            )
        )) = $late_days
),

stopped as (
    select late.account_key, late.spell_no
    from late
    inner join accounts on late.account_key = accounts.account_key
    inner join flags
        on
            accounts.debtor_key = flags.debtor_key
            and late.account_key = coalesce(flags.account_key, late.account_key)
            and late.late_to >= flags.valid_from_on
            and late.late_from <= coalesce(flags.valid_to_on, late.late_from)
    where
        flags.kind in (
            'cease_contact', 'attorney', 'deceased', 'incapacitated', 'hardship', 'dispute', 'contact_refused'
        )
        and flags.person_id is null

    union

    select late.account_key, late.spell_no
    from late
    inner join disputes
        on
            late.account_key = disputes.account_key
            and late.late_to >= disputes.opened_on
            and late.late_from <= coalesce(cast(disputes.resolved_at as date), late.late_from)
),

stepped_up as (
    select touches.account_key, touches.spell_no, min(touches.local_date) as local_date, max(touches.team) as team
    from touches
    inner join late
        on
            touches.account_key = late.account_key
            and touches.spell_no = late.spell_no
            and touches.local_date between late.late_from and late.late_to
    where touches.channel in ('call', 'letter', 'visit')
    group by touches.account_key, touches.spell_no
)

select
    'escalation_late' as rule_id,
    'spell' as item_kind,
    accounts.account_id as item_id, accounts.currency, accounts.account_id, accounts.product, accounts.branch,
    stepped_up.team,
    'M2-M3' as stage,
    late.late_to as happened_on,
    case
        when late.late_from < log_start.first_day then 'not_assessable'
        when stepped_up.local_date is null then 'breach'
        else 'kept'
    end as verdict,
    case when late.late_from < log_start.first_day then 'log_start' end as missing,
    cast(late.late_from as varchar) as detail
from late
inner join accounts on late.account_key = accounts.account_key
cross join log_start
left join stepped_up on late.account_key = stepped_up.account_key and late.spell_no = stepped_up.spell_no
left join stopped on late.account_key = stopped.account_key and late.spell_no = stopped.spell_no
where stopped.account_key is null
