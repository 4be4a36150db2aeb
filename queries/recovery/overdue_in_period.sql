-- question: Which accounts were overdue at the start of a period or became so in it, and what did each pay?
-- grain: one row per account
-- params:
--   from_date date: start; the opening is the last snapshot day on or before it
--   to_date date: last day of the period, included
-- columns: currency, account_id, product, branch, bucket, is_new, seen_on, overdue_balance, paid, collected
--   bucket: M1 to M7+, at the opening, or when first seen overdue
--   overdue_balance: outstanding balance on that day
--   paid: payments less reversals in the period while it was overdue
--   collected: paid, but at most overdue_balance
-- notes: overdue is M1 and later, by the whole outstanding balance, as in overdue_bridge; each account counts once. From
--   accounts overdue at the opening everything paid in the period counts, from a new one what was paid from its first day past
--   due on. Payments on the opening day itself are in the opening balance already. No rows where the book has no snapshot on or
--   before from_date
with opening_day as (
    select max(as_of) as as_of
    from snapshots
    where as_of <= $from_date
),

standing as (
    select
        snapshots.account_key, snapshots.as_of, snapshots.days_past_due, snapshots.balance, buckets.bucket,
        snapshots.as_of > opening_day.as_of as is_new,
        opening_day.as_of as opened_on,
        min(snapshots.as_of) over (partition by snapshots.account_key) as first_as_of
    from snapshots
    inner join opening_day on snapshots.as_of >= opening_day.as_of
    inner join buckets on snapshots.state = buckets.bucket
    where buckets.bucket_no > 0 and snapshots.as_of <= $to_date
),

overdue as (
    select
        account_key, as_of, balance, bucket, is_new,
        greatest(
            opened_on + 1,
            $from_date,
            case when is_new then as_of - cast(days_past_due as integer) + 1 end
        ) as counts_from
    from standing
    where as_of = first_as_of
),

paid as (
    select overdue.account_key, sum(payments.net_amount) as amount
    from overdue
    inner join payments
        on overdue.account_key = payments.account_key and overdue.counts_from <= payments.paid_on
    where payments.paid_on <= $to_date
    group by overdue.account_key
)

select
    accounts.currency, accounts.account_id, accounts.product, accounts.branch, overdue.bucket, overdue.is_new,
    overdue.as_of as seen_on, overdue.balance as overdue_balance,
    cast(coalesce(paid.amount, 0) as decimal(18, 2)) as paid,
    cast(least(coalesce(paid.amount, 0), greatest(overdue.balance, 0)) as decimal(18, 2)) as collected
from overdue
inner join accounts on overdue.account_key = accounts.account_key
left join paid on overdue.account_key = paid.account_key
