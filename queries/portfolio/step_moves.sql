-- question: Where did the accounts of each bucket go in every step of a month?
-- grain: one row per step, currency, segment and move that an account made
-- uses: portfolio/month_days
-- params:
--   segment_by text = all: what it is cut by
--     one of: all, product, branch
-- columns: as_of, previous_day, currency, segment, from_bucket, from_no, to_bucket, to_no, n_accounts, balance_from
--   as_of: the later snapshot day of the step
--   segment: all, or the product or branch; empty where it is not given
--   to_bucket: M0 to M7+, paid_off, written_off, or exit (no snapshot on as_of)
--   n_accounts: accounts that made this move
--   balance_from: their balance on previous_day
-- notes: a step is a month as portfolio/month_days has it; a month that no snapshot stands for begins and ends none
select
    month_days.as_of, month_days.previous_day, accounts.currency,
    case $segment_by when 'product' then accounts.product when 'branch' then accounts.branch else 'all' end as segment,
    earlier_bucket.bucket as from_bucket, earlier_bucket.bucket_no as from_no,
    coalesce(later.state, 'exit') as to_bucket,
    later_bucket.bucket_no as to_no,
    count(*) as n_accounts,
    sum(earlier.balance) as balance_from
from month_days
inner join snapshots as earlier on month_days.previous_day = earlier.as_of
inner join accounts on earlier.account_key = accounts.account_key
inner join buckets as earlier_bucket on earlier.state = earlier_bucket.bucket
left join snapshots as later on earlier.account_key = later.account_key and month_days.as_of = later.as_of
left join buckets as later_bucket on later.state = later_bucket.bucket
group by 1, 2, 3, 4, 5, 6, 7, 8
order by 1, 3, 4, 6, 8 nulls last, 7
