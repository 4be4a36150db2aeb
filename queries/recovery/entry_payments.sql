-- question: What was paid after each entry into a bucket, and how much of it counts as collected?
-- grain: one row per entry and day on which something was paid or taken back
-- uses: recovery/bucket_entries
-- columns: currency, account_id, cohort, entered_on, paid_on, days_since_entry, paid, counted
--   paid_on: value date, after entered_on and up to as_of
--   paid: payments less reversals of that day
--   counted money: by how much the day moved what is collected; adds up to least(all paid so far, balance at entry)
-- notes: self-payment is included: collected, not collected by us. Reversals count on their own day, so a curve can step down,
--   and below 0 where a payment from before the entry bounced after it. A payment counts once for each entry it follows: an
--   account that entered twice has its later payments in both cohorts, each capped at that entry's balance
with daily as (
    select
        bucket_entries.currency, bucket_entries.account_id, bucket_entries.cohort, bucket_entries.entered_on,
        greatest(bucket_entries.entered_balance, 0) as ceiling,
        payments.paid_on,
        sum(payments.net_amount) as paid
    from bucket_entries
    inner join accounts on bucket_entries.account_id = accounts.account_id
    inner join payments
        on accounts.account_key = payments.account_key and bucket_entries.entered_on < payments.paid_on
    where payments.paid_on <= $as_of
    group by
        bucket_entries.currency, bucket_entries.account_id, bucket_entries.cohort, bucket_entries.entered_on,
        bucket_entries.entered_balance, payments.paid_on
),

capped as (
    select
        currency, account_id, cohort, entered_on, paid_on, paid,
        least(ceiling, sum(paid) over (partition by account_id, entered_on order by paid_on)) as collected
    from daily
)

select
    currency, account_id, cohort, entered_on, paid_on,
    paid_on - entered_on as days_since_entry,
    paid,
    cast(collected - coalesce(lag(collected) over (
        partition by account_id, entered_on order by paid_on
    ), 0) as decimal(38, 2)) as counted
from capped
