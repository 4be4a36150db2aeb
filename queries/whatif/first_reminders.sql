-- question: When was the debtor first reminded in a spell of days past due?
-- grain: one row per spell with a delivered reminder, or that began before the contact log
-- params:
--   to_date date: last day, included
--   permille integer = 1000: thousandths of the debtors to draw; 1000 for all
--     range: 0 to 1000
-- columns: account_key, spell_no, reminded_on
-- notes: what the lender said before the log begins is not known; by then a spell is taken to have been reminded
with log_start as (
    select min(macros.local_day(local_date, started_at)) as first_day
    from contacts
),

messages as (
    select account_key, macros.local_day(local_date, started_at) as sent_on
    from contacts
    where
        direction = 'out'
        and channel in ('sms', 'email', 'app')
        and outcome = 'delivered'
        and coalesce(role, 'unknown') in ('debtor', 'unknown')
        and coalesce(purpose, 'demand') not in ('reply', 'statutory_notice', 'locate', 'relay')
),

reminded as (
    select spells.account_key, spells.spell_no, min(messages.sent_on) as reminded_on
    from spells
    inner join messages on spells.account_key = messages.account_key
    where messages.sent_on between spells.started_on and least(coalesce(spells.ended_on, $to_date), $to_date)
    group by spells.account_key, spells.spell_no
),

drawn as (
    select spells.account_key, spells.spell_no, spells.started_on, log_start.first_day
    from spells
    inner join accounts on spells.account_key = accounts.account_key
    cross join log_start
    where spells.started_on <= $to_date and (cast(accounts.debtor_key as bigint) * 7919) % 1000 < $permille
)

select
    drawn.account_key, drawn.spell_no,
    case when drawn.started_on < drawn.first_day then drawn.started_on else reminded.reminded_on end as reminded_on
from drawn
left join reminded on drawn.account_key = reminded.account_key and drawn.spell_no = reminded.spell_no
where drawn.started_on < drawn.first_day or reminded.reminded_on is not null
