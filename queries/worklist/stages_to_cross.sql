-- question: Which accounts are about to be 31, 61 or 91 days past due?
-- grain: one row per account
-- uses: portfolio/about_to_cross
-- params:
--   until_days integer = 91: the last crossing that is told
--     range: 0 to 3660
-- columns: currency, todo, account_id, product, branch, item_id, days_past_due, balance, days_left, crosses_at
--   todo: crossing
--   item_id: the bucket it would enter
--   days_past_due: on the day
--   days_left: days until it crosses; 1 is the day after as_of
-- notes: 31, 61 and 91 are the first days of M2, M3 and M4; where a lender cuts its buckets elsewhere, theirs up to until_days
select
    currency,
    'crossing' as todo,
    account_id, product, branch, next_bucket as item_id, days_past_due, balance, days_left,
    days_past_due + days_left as crosses_at
from about_to_cross
where days_past_due + days_left <= $until_days
order by days_left, balance desc, account_id
