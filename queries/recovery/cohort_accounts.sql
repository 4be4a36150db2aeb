-- question: Which accounts make up one entry cohort, and what has each paid by as_of?
-- grain: one row per entry; the amounts add up to the cohort's row in collections_expected
-- uses: recovery/bucket_entries, recovery/entry_payments
-- params:
--   cohort date: first day of the month of entry
--   days_since_entry integer = 100000: payments up to so many days after each account's own entry
--     range: 0 to 100000
-- columns: currency, account_id, product, branch, entered_on, entered_balance, collected
--   collected: payments less reversals since entry, at most the balance at entry
with collected_from as (
    select account_id, entered_on, sum(counted) as collected
    from entry_payments
    where cohort = $cohort and days_since_entry <= $days_since_entry
    group by account_id, entered_on
)

select
    bucket_entries.currency, bucket_entries.account_id, bucket_entries.product, bucket_entries.branch,
    bucket_entries.entered_on, bucket_entries.entered_balance,
    cast(coalesce(collected_from.collected, 0) as decimal(38, 2)) as collected
from bucket_entries
left join collected_from
    on bucket_entries.account_id = collected_from.account_id and bucket_entries.entered_on = collected_from.entered_on
where bucket_entries.cohort = $cohort
order by bucket_entries.entered_balance desc, bucket_entries.account_id, bucket_entries.entered_on
