-- question: What share of the accounts past due on one snapshot day paid anything by a later day?
-- grain: one row per currency and aging bucket
-- uses: portfolio/accounts_on_day
-- params:
--   as_of date: the snapshot day
--   to_date date: last day on which a payment counts, included
-- columns: currency, bucket, n_accounts, n_paid, share_paid
--   bucket: M1 to M7+
--   n_accounts: accounts past due on that day
--   n_paid: of these, with payments after it that outweigh their reversals
with paid as (
    select payments.account_key, sum(payments.net_amount) as amount
    from payments
    where payments.paid_on > $as_of and payments.paid_on <= $to_date
    group by payments.account_key
)

select
    accounts_on_day.currency, accounts_on_day.bucket,
    count(*) as n_accounts,
    count(case when paid.amount > 0 then 1 end) as n_paid,
    cast(count(case when paid.amount > 0 then 1 end) as double) / count(*) as share_paid
from accounts_on_day
inner join accounts on accounts_on_day.account_id = accounts.account_id
left join paid on accounts.account_key = paid.account_key
where accounts_on_day.days_past_due > 0
group by accounts_on_day.currency, accounts_on_day.bucket
