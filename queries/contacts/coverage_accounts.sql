-- question: How often was each collectible account tried while it was overdue, in each bucket it stood in?
-- grain: one row per account and bucket that it stood in on a day of the period; rows of one bucket add up to coverage's
-- uses: contacts/attempts
-- params:
--   bucket text = all: the bucket of the day; all for one row per account, its buckets together; written_off for what
--     was written off by then, which is in none of these
--     one of: overdue_buckets, all, written_off
--   channel text = all: by what means
--     one of: contacts.channel, all
-- columns: currency, account_id, product, branch, bucket, account_days, n_attempts, is_touched, last_tried_on
--   bucket: M1 to M7+, all or written_off
--   account_days: days of the period on which it was overdue in that bucket
-- notes: days past due are followed day by day from instalments and payments, so an account counts in the bucket of the day and
--   not of a month-end. Collectible is every day overdue on which the
--   last snapshot by then does not say written off or paid off. Attempts on other days are not counted here. No rows where a
--   book has no instalments
with spans as (
    select
        overdue_runs.account_key,
        case when $bucket in ('all', 'written_off') then $bucket else buckets.bucket end as bucket,
        overdue_runs.counted_from, buckets.from_days, buckets.to_days,
        greatest(
            overdue_runs.from_on, $from_date, overdue_runs.counted_from + cast(buckets.from_days as integer)
        ) as start_on,
        least(
            coalesce(overdue_runs.to_on, $to_date), $to_date,
            overdue_runs.counted_from + cast(coalesce(buckets.to_days, 100000) as integer)
        ) as end_on
    from overdue_runs
    inner join buckets on buckets.bucket_no > 0 and ($bucket in ('all', 'written_off') or buckets.bucket = $bucket)
    where
        overdue_runs.from_on <= $to_date
        and coalesce(overdue_runs.to_on, $to_date) >= $from_date
        and overdue_runs.is_written_off = ($bucket = 'written_off')
),

in_period as (
    select accounts.account_id, spans.bucket, spans.start_on, spans.end_on
    from spans
    inner join accounts on spans.account_key = accounts.account_key
    where spans.end_on >= spans.start_on
),

days as (
    select account_id, bucket, sum(end_on - start_on + 1) as account_days
    from in_period
    group by account_id, bucket
),

tried as (
    select in_period.account_id, in_period.bucket, count(*) as n_attempts, max(attempts.contacted_on) as last_tried_on
    from in_period
    inner join attempts
        on
            in_period.account_id = attempts.account_id
            and attempts.contacted_on between in_period.start_on and in_period.end_on
    where $channel = 'all' or attempts.channel = $channel
    group by in_period.account_id, in_period.bucket
)

select
    accounts.currency, accounts.account_id, accounts.product, accounts.branch, days.bucket,
    cast(days.account_days as bigint) as account_days,
    coalesce(tried.n_attempts, 0) as n_attempts,
    coalesce(tried.n_attempts, 0) > 0 as is_touched,
    tried.last_tried_on
from days
inner join accounts on days.account_id = accounts.account_id
left join tried on days.account_id = tried.account_id and days.bucket = tried.bucket
order by is_touched, account_days desc, days.account_id, days.bucket
