-- question: Which accounts were written off in one month, and what has each paid since?
-- grain: one row per account; the amounts add up to that month in write_off_recovery
-- uses: recovery/write_offs
-- params:
--   cohort date: first day of the month of the write-off
--   days_since integer = 100000: payments up to so many days after each account's own write-off
--     range: 0 to 100000
-- columns: currency, account_id, product, branch, written_off_on, written_off_balance, collected
--   collected: payments less reversals after the write-off, up to as_of
with paid as (
    select write_offs.account_key, sum(payments.net_amount) as collected
    from write_offs
    inner join payments
        on write_offs.account_key = payments.account_key and write_offs.written_off_on < payments.paid_on
    where
        payments.paid_on <= $as_of
        and payments.paid_on - write_offs.written_off_on <= cast($days_since as integer)
    group by write_offs.account_key
)

select
    write_offs.currency, write_offs.account_id, write_offs.product, write_offs.branch, write_offs.written_off_on,
    write_offs.written_off_balance,
    cast(coalesce(paid.collected, 0) as decimal(38, 2)) as collected
from write_offs
left join paid on write_offs.account_key = paid.account_key
where write_offs.cohort = $cohort
order by write_offs.written_off_balance desc, write_offs.account_id
