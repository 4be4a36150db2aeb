-- question: Which contacts of a period broke a rule?
-- grain: one row per contact of the period, as in compliance/breach_rates
-- uses: compliance/breaching_contacts
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
--   numerator money: 1 where at least one rule was broken
--   denominator money: 1
select
    accounts.account_id,
    contacts.contact_id as unit_id,
    breaching_contacts.local_date as unit_on,
    accounts.currency,
    accounts.product,
    accounts.branch,
    cast(null as varchar) as bucket,
    breaching_contacts.channel,
    breaching_contacts.team,
    contacts.collector_id,
    cast(null as varchar) as stage,
    breaching_contacts.n_contacts as n_units,
    cast(case when breaching_contacts.n_breach > 0 then 1 else 0 end as decimal(18, 2)) as numerator,
    cast(1 as decimal(18, 2)) as denominator
from breaching_contacts
inner join contacts on breaching_contacts.contact_key = contacts.contact_key
inner join accounts on contacts.account_key = accounts.account_key
