-- question: Which contacts of a period broke a rule?
-- grain: one row per contact of the period, as in compliance/breach_rates
-- uses: compliance/breaching_contacts
-- columns: account_id, unit_id, unit_on, currency, product, branch, bucket, channel, team, collector_id, stage, n_units,
--   numerator, denominator
--   account_id: the account; empty where a row counts things of several accounts
--   bucket: bucket of the account, where the metric has its own; empty: that of unit_on
--   numerator: 1 where at least one rule was broken
--   denominator: 1
select
    accounts.account_id, contacts.contact_id as unit_id, breaching_contacts.local_date as unit_on, accounts.currency,
    accounts.product, accounts.branch,
    cast(null as varchar) as bucket,
    breaching_contacts.channel, breaching_contacts.team, contacts.collector_id,
    cast(null as varchar) as stage, breaching_contacts.n_contacts as n_units,
    cast(case when breaching_contacts.n_breach > 0 then 1 else 0 end as decimal(18, 2)) as numerator,
    cast(1 as decimal(18, 2)) as denominator
from breaching_contacts
inner join contacts on breaching_contacts.contact_key = contacts.contact_key
inner join accounts on contacts.account_key = accounts.account_key
