-- question: Which accounts on the book on one day make up a rate of the book?
-- grain: one row per account in a bucket on that day
-- uses: portfolio/accounts_on_day
-- params:
--   measure text = overdue_balance: overdue_balance, ninety_plus_balance, overdue_accounts or balance
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
--   n_units integer: how many accounts the row stands for
--   numerator money: the balance, what of it is overdue or 91 or more days past due, or 1 where overdue
--   denominator money: the balance, or 1
select
    account_id,
    account_id as unit_id,
    cast($as_of as date) as unit_on,
    currency,
    product,
    branch,
    bucket,
    cast(null as varchar) as channel,
    cast(null as varchar) as team,
    cast(null as varchar) as collector_id,
    cast(null as varchar) as stage,
    cast(1 as bigint) as n_units,
    cast(case $measure
        when 'overdue_accounts' then case when bucket_no > 0 then 1 else 0 end
        when 'ninety_plus_balance' then case when days_past_due > 90 then balance else 0 end
        when 'balance' then balance
        else case when bucket_no > 0 then balance else 0 end
    end as decimal(18, 2)) as numerator,
    cast(case when $measure in ('overdue_accounts', 'balance') then 1 else balance end as decimal(18, 2)) as denominator
from accounts_on_day
