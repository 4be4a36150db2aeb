-- question: Which decided promises of a period were kept?
-- grain: one row per promise due in the period that is kept, partial or broken at as_of
-- uses: promises/promises_due
-- params:
--   weight text = count: amount for what was paid of what was promised
--     one of: count, amount
-- columns: account_id, unit_id, unit_on, currency, product, branch, bucket, channel, team, collector_id, stage, n_units,
--   numerator, denominator
--   account_id: the account; empty where a row counts things of several accounts
--   bucket: bucket of the account, where the metric has its own; empty: that of unit_on
--   numerator: 1 where kept, or what payments have gone to it
--   denominator: 1, or the amount promised
-- notes: channel, team and collector are those of the contact in which the promise was made
select
    promises_due.account_id, promises_due.promise_id as unit_id, promises_due.made_on as unit_on, promises_due.currency,
    promises_due.product, promises_due.branch,
    cast(null as varchar) as bucket,
    contacts.channel, contacts.team, contacts.collector_id,
    cast(null as varchar) as stage, cast(1 as bigint) as n_units,
    cast(case
        when $weight = 'amount' then least(promises_due.allocated, promises_due.promised)
        when promises_due.state = 'kept' then 1
        else 0
    end as decimal(18, 2)) as numerator,
    cast(case when $weight = 'amount' then promises_due.promised else 1 end as decimal(18, 2)) as denominator
from promises_due
left join contacts on promises_due.contact_id = contacts.contact_id
where promises_due.is_matured
