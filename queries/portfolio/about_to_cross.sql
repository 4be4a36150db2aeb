-- question: Which accounts will cross into the next bucket within some days if nothing is paid?
-- grain: one row per account
-- uses: portfolio/accounts_on_day
-- params:
--   within_days integer = 7: how many days ahead to look
--     range: 0 to 3660
-- columns: currency, account_id, product, branch, bucket, next_bucket, days_past_due, days_left, balance, risk_grade
--   bucket: bucket on the day
--   days_past_due: on the day
select
    accounts_on_day.currency, accounts_on_day.account_id, accounts_on_day.product, accounts_on_day.branch,
    accounts_on_day.bucket, following.bucket as next_bucket, accounts_on_day.days_past_due,
    following.from_days - accounts_on_day.days_past_due as days_left,
    accounts_on_day.balance, accounts_on_day.risk_grade
from accounts_on_day
inner join buckets as following on accounts_on_day.bucket_no + 1 = following.bucket_no
where accounts_on_day.bucket_no > 0 and following.from_days - accounts_on_day.days_past_due <= $within_days
order by accounts_on_day.balance desc, accounts_on_day.account_id
