-- question: Which accounts on the book on one day make up a rate of the book?
-- grain: one row per account in a bucket on that day
-- uses: portfolio/accounts_on_day
-- params:
--   measure text = overdue_balance: what is measured
--     one of: overdue_balance, ninety_plus_balance, overdue_accounts, balance
-- columns: account_id, unit_id, unit_on, currency, product, branch, bucket, channel, team, collector_id, stage, n_units,
--   numerator, denominator
--   account_id: the account; empty where a row counts things of several accounts
--   bucket: bucket of the account, where the metric has its own; empty: that of unit_on
--   numerator: the balance, what of it is overdue or 91 or more days past due, or 1 where overdue
--   denominator: the balance, or 1
select
    account_id, account_id as unit_id,
    cast($as_of as date) as unit_on,
    currency, product, branch, bucket,
    cast(null as varchar) as channel, cast(null as varchar) as team, cast(null as varchar) as collector_id,
    cast(null as varchar) as stage, cast(1 as bigint) as n_units,
    cast(case $measure
        when 'overdue_accounts' then case when bucket_no > 0 then 1 else 0 end
        when 'ninety_plus_balance' then case when days_past_due > 90 then balance else 0 end
        when 'balance' then balance
        else case when bucket_no > 0 then balance else 0 end
    end as decimal(18, 2)) as numerator,
    cast(case when $measure in ('overdue_accounts', 'balance') then 1 else balance end as decimal(18, 2)) as denominator
from accounts_on_day
