-- question: Which contacts would a hold after a dispute or a promise have held back?
-- grain: one row per contact
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
--   hold_dispute_days integer: days after a dispute is opened in which nobody is contacted; 0 holds nothing
--     range: 0 to 366
--   hold_promise_days integer: days after a promise is made in which nobody is contacted; 0 holds nothing
--     range: 0 to 366
-- columns: currency, contact_id, account_id, local_date, team, channel, is_disputed, is_promised
-- notes: of the account that the contact is logged on. A dispute holds until it is answered, a promise until the day it is due or
--   taken back. A reply the debtor asked for and a statutory notice are not held
with placed as (
    select
        contact_id, account_key, currency, started_at,
        macros.local_day(local_date, started_at) as local_date,
        team, channel
    from contacts
    where direction = 'out' and coalesce(purpose, 'demand') not in ('reply', 'statutory_notice')
),

disputed as (
    select distinct placed.contact_id
    from placed
    inner join disputes on placed.account_key = disputes.account_key
    where
        disputes.opened_at < placed.started_at
        and date_diff('day', disputes.opened_on, placed.local_date) <= $hold_dispute_days
        and (disputes.resolved_at is null or disputes.resolved_at > placed.started_at)
        and $hold_dispute_days > 0
),

promised as (
    select distinct placed.contact_id
    from placed
    inner join promises on placed.account_key = promises.account_key
    where
        promises.made_at < placed.started_at
        and date_diff('day', promises.made_on, placed.local_date) <= $hold_promise_days
        and placed.local_date <= promises.due_on
        and (promises.withdrawn_on is null or promises.withdrawn_on > placed.local_date)
        and $hold_promise_days > 0
)

select
    placed.currency, placed.contact_id, accounts.account_id, placed.local_date, placed.team, placed.channel,
    disputed.contact_id is not null as is_disputed,
    promised.contact_id is not null as is_promised
from placed
inner join accounts on placed.account_key = accounts.account_key
left join disputed on placed.contact_id = disputed.contact_id
left join promised on placed.contact_id = promised.contact_id
where
    placed.local_date between $from_date and $to_date
    and (disputed.contact_id is not null or promised.contact_id is not null)
