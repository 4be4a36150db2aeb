-- question: Does where an account goes next depend on where it came from?
-- grain: one row per currency and path over three snapshot days, each a month apart, that an account took
-- uses: portfolio/month_days
-- columns: currency, before_no, from_no, to_state, n_accounts
--   from_no: bucket on the second day, 0 to 7
--   to_state: M0 to M7+, paid_off, written_off, or exit, on the third day
--   n_accounts: paths; an account has one for each three days
-- notes: one account counts many times, so paths are not independent of one another
with days as (
    select middle.previous_day as as_of, middle.as_of as second_day, latest.as_of as third_day
    from month_days as latest
    inner join month_days as middle on latest.previous_day = middle.as_of
    where middle.previous_day is not null
)

select
    accounts.currency, before_bucket.bucket_no as before_no, from_bucket.bucket_no as from_no,
    coalesce(third.state, 'exit') as to_state,
    count(*) as n_accounts
from days
inner join snapshots as earliest on days.as_of = earliest.as_of
inner join accounts on earliest.account_key = accounts.account_key
inner join buckets as before_bucket on earliest.state = before_bucket.bucket
inner join snapshots as middle on earliest.account_key = middle.account_key and days.second_day = middle.as_of
inner join buckets as from_bucket on middle.state = from_bucket.bucket
left join snapshots as third on earliest.account_key = third.account_key and days.third_day = third.as_of
group by 1, 2, 3, 4
order by 1, 2, 3, 4
