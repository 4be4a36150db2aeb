-- question: Which spells of days past due does the model follow, and what was on file when each began?
-- grain: one row per spell that has a day in the period
-- params:
--   from_date date: first day
--   to_date date: last day, included
--   permille integer = 1000: thousandths of the debtors to draw; 1000 for all
--     range: 0 to 1000
-- columns: currency, account_key, debtor_key, product, risk_grade, spell_no, started_on, ended_on
--   risk_grade: of the last snapshot before the spell; unknown where there is none
--   ended_on: last day past due; empty while the account is overdue at to_date
-- notes: debtors are drawn by a fixed scramble of their number, so the same book gives the same draw
with graded as (
    select spells.account_key, spells.spell_no, max_by(snapshots.risk_grade, snapshots.as_of) as risk_grade
    from spells
    inner join snapshots on spells.account_key = snapshots.account_key
    where snapshots.as_of < spells.started_on
    group by spells.account_key, spells.spell_no
)

select
    accounts.currency, accounts.account_key, accounts.debtor_key, accounts.product,
    coalesce(graded.risk_grade, 'unknown') as risk_grade,
    spells.spell_no, spells.started_on,
    case when spells.ended_on <= $to_date then spells.ended_on end as ended_on
from spells
inner join accounts on spells.account_key = accounts.account_key
left join graded on spells.account_key = graded.account_key and spells.spell_no = graded.spell_no
where
    spells.started_on <= $to_date
    and coalesce(spells.ended_on, $to_date) >= $from_date
    and (cast(accounts.debtor_key as bigint) * 7919) % 1000 < $permille
