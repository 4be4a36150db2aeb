-- question: Which outbound contacts of a period got through?
-- grain: one row per outbound contact; where right party is asked, only those of which it is known
-- uses: contacts/attempts
-- params:
--   reach text = connected: connected or right_party
-- columns:
--   account_id text: the account; empty where a row counts things of several accounts
--   unit_id text: what the row is about
--   unit_on date: the day by which the account's bucket, grade and band are taken
--   currency text: ISO 4217 code
--   product text: product name
--   branch text: branch that booked the account
--   bucket text: bucket of the account, where the metric has its own; empty: that of unit_on
--   channel text: by what means; empty where the metric has none
--   team text: team of the collector; empty likewise
--   collector_id text: who made it; empty likewise
--   stage text: stage of the process; empty likewise
--   n_units integer: how many contacts the row stands for
--   numerator money: 1 where somebody answered or the message was delivered, or the debtor was reached
--   denominator money: 1
select
    attempts.account_id,
    attempts.contact_id as unit_id,
    attempts.contacted_on as unit_on,
    attempts.currency,
    attempts.product,
    attempts.branch,
    attempts.bucket,
    attempts.channel,
    contacts.team,
    attempts.collector_id,
    cast(null as varchar) as stage,
    cast(1 as bigint) as n_units,
    cast(case
        when $reach = 'right_party' then case when attempts.is_right_party then 1 else 0 end
        when attempts.is_connected then 1
        else 0
    end as decimal(18, 2)) as numerator,
    cast(1 as decimal(18, 2)) as denominator
from attempts
inner join contacts on attempts.contact_id = contacts.contact_id
where $reach <> 'right_party' or attempts.is_right_party is not null
