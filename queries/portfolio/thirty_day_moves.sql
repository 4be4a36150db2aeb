-- question: Where does each account of 30 days ago stand now?
-- grain: one row per account that was in a bucket 30 days before to_date
-- params:
--   to_date date: the last day of the step; the last snapshot day minus a multiple of 30 days
-- columns: currency, account_id, product, branch, from_bucket, from_no, to_bucket, to_no, balance_from, balance_to,
--   days_past_due
--   from_bucket: M0 to M7+, 30 days before to_date
--   balance_from: instalments not yet paid 30 days before to_date
--   balance_to: instalments not yet paid at to_date; null where there is no state
--   days_past_due: at to_date; null where there is no state
-- notes: recomputed from instalments and payments, so a month of 28 or 31 days makes no artefact;
--   balances are instalments not yet paid and need not equal the snapshot's balance
with step_to as (
    select
        thirty_day_states.account_key, thirty_day_states.state, thirty_day_states.balance,
        thirty_day_states.days_past_due, buckets.bucket_no
    from thirty_day_states
    left join buckets on thirty_day_states.state = buckets.bucket
    where thirty_day_states.as_of = $to_date
)

select
    accounts.currency, accounts.account_id, accounts.product, accounts.branch, buckets.bucket as from_bucket,
    buckets.bucket_no as from_no,
    coalesce(step_to.state, 'exit') as to_bucket,
    step_to.bucket_no as to_no, thirty_day_states.balance as balance_from, step_to.balance as balance_to,
    step_to.days_past_due
from thirty_day_states
inner join accounts on thirty_day_states.account_key = accounts.account_key
inner join buckets on thirty_day_states.state = buckets.bucket
left join step_to on thirty_day_states.account_key = step_to.account_key
where thirty_day_states.as_of = cast($to_date as date) - interval 30 day and exists (select 1 from step_to)
