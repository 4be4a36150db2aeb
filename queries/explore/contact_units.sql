-- question: Which outbound contacts of a period got through?
-- grain: one row per outbound contact; where right party is asked, only those of which it is known
-- uses: contacts/attempts
-- params:
--   reach text = connected: how far a contact must have got
--     one of: connected, right_party
-- columns: account_id, unit_id, unit_on, currency, product, branch, bucket, channel, team, collector_id, stage, n_units,
--   numerator, denominator
--   account_id: the account; empty where a row counts things of several accounts
--   bucket: bucket of the account, where the metric has its own; empty: that of unit_on
--   numerator: 1 where somebody answered or the message was delivered, or the debtor was reached
--   denominator: 1
select
    attempts.account_id, attempts.contact_id as unit_id, attempts.contacted_on as unit_on, attempts.currency,
    attempts.product, attempts.branch, attempts.bucket, attempts.channel, contacts.team, attempts.collector_id,
    cast(null as varchar) as stage, cast(1 as bigint) as n_units,
    cast(case
        when $reach = 'right_party' then case when attempts.is_right_party then 1 else 0 end
        when attempts.is_connected then 1
        else 0
    end as decimal(18, 2)) as numerator,
    cast(1 as decimal(18, 2)) as denominator
from attempts
inner join contacts on attempts.contact_id = contacts.contact_id
where $reach <> 'right_party' or attempts.is_right_party is not null
