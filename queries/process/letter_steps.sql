-- question: Was the deadline of each collection letter followed up?
-- grain: one row per delivered letter in a spell whose deadline and days of follow-up have passed
-- uses: process/touches
-- params:
--   deadline_days integer = 15: days after the letter by which it asks for payment
--     range: 0 to 366
--   follow_days integer = 15: days after the deadline within which a further step must come
--     range: 0 to 366
-- columns: rule_id, item_kind, item_id, currency, account_id, product, branch, team, stage, happened_on, verdict, missing,
--   detail
--   happened_on: the local day that the period is judged by: the last day of follow-up
--   verdict: kept, breach or not_assessable
-- notes: letter_followed_up: by the last day of follow-up there was a payment after the letter, or the spell had ended, or from
--   the deadline on the debtor was contacted again. The contract has no column for a letter's deadline, so a setting stands
--   for it. Legal steps are not in the log: a status of legal or written_off in a snapshot by then counts as one. Letters
--   of debtors whom a dispute, hardship or standing instruction protected between deadline and last day are not judged; a flag
--   about somebody else protects nobody. A payment taken back by then is none
with letters as (
    select
        *,
        local_date + cast($deadline_days as integer) as deadline,
        local_date + cast($deadline_days as integer) + cast($follow_days as integer) as last_day
    from touches
    where channel = 'letter' and outcome = 'delivered'
),

steps as (
    select letters.contact_id, min(touches.local_date) as again_on
    from letters
    inner join touches
        on letters.account_key = touches.account_key and touches.local_date between letters.deadline and letters.last_day
    group by letters.contact_id
),

paid as (
    select distinct letters.contact_id
    from letters
    inner join payments
        on
            letters.account_key = payments.account_key
            and letters.local_date < payments.paid_on
            and letters.last_day >= payments.paid_on
    left join payments as reversals
        on
            payments.account_key = reversals.account_key
            and payments.payment_id = reversals.reverses_payment_id
            and letters.last_day >= reversals.paid_on
    where payments.net_amount > 0 and reversals.payment_id is null
),

held as (
    select letters.contact_id
    from letters
    inner join accounts on letters.account_key = accounts.account_key
    inner join flags
        on
            accounts.debtor_key = flags.debtor_key
            and accounts.account_key = coalesce(flags.account_key, accounts.account_key)
            and letters.last_day >= flags.valid_from_on
            and letters.deadline <= coalesce(flags.valid_to_on, letters.deadline)
    where
        flags.kind in ('cease_contact', 'attorney', 'dispute', 'hardship', 'deceased', 'incapacitated')
        and flags.person_id is null

    union

    select letters.contact_id
    from letters
    inner join disputes
        on
            letters.account_key = disputes.account_key
            and letters.last_day >= disputes.opened_on
            and letters.deadline <= coalesce(cast(disputes.resolved_at as date), letters.deadline)
),

payments_given as (
    select bool_or(is_provided) as is_provided
    from column_presence
    where table_name = 'payments'
),

legal as (
    select letters.contact_id, min(snapshots.as_of) as legal_on
    from letters
    inner join snapshots on letters.account_key = snapshots.account_key and letters.last_day >= snapshots.as_of
    where snapshots.status in ('legal', 'written_off')
    group by letters.contact_id
)

select
    'letter_followed_up' as rule_id,
    'contact' as item_kind,
    letters.contact_id as item_id, letters.currency, letters.account_id, letters.product, letters.branch, letters.team,
    letters.stage, letters.last_day as happened_on,
    case
        when
            steps.contact_id is not null
            or paid.contact_id is not null
            or legal.contact_id is not null
            or coalesce(spells.ended_on <= letters.last_day, false)
            then 'kept'
        when coalesce(payments_given.is_provided, true) then 'breach'
        else 'not_assessable'
    end as verdict,
    case
        when
            steps.contact_id is null
            and legal.contact_id is null
            and coalesce(spells.ended_on > letters.last_day, true)
            and not coalesce(payments_given.is_provided, true)
            then 'payments'
    end as missing,
    cast(letters.local_date as varchar) || ' + ' || cast(letters.deadline - letters.local_date as varchar) || ' d' as detail
from letters
inner join spells on letters.account_key = spells.account_key and letters.spell_no = spells.spell_no
cross join payments_given
left join steps on letters.contact_id = steps.contact_id
left join paid on letters.contact_id = paid.contact_id
left join legal on letters.contact_id = legal.contact_id
left join held on letters.contact_id = held.contact_id
where letters.last_day <= $as_of and held.contact_id is null
