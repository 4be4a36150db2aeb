-- question: Which accounts stand behind one collector's or team's observed and expected?
-- grain: one row per assignment whose outcome is known
-- uses: teams/case_expectations
-- params:
--   group_name text: the collector or team
--     open: a value of the data; one that nothing has gives no rows
-- columns: currency, account_id, product, branch, collector_id, assigned_on, bucket, days_band, balance_band, risk_grade,
--   arm, n_others, is_compared, observed, expected, collected
--   collector_id: who was given it
--   bucket: at assignment
--   expected ratio: share of the like accounts of others with the outcome; null where not compared
--   collected: payments less reversals while it was assigned, within the days
select
    currency, account_id, product, branch, collector_id, assigned_on, bucket, days_band, balance_band, risk_grade, arm,
    n_others, is_compared, observed, expected, collected
from case_expectations
where group_name = $group_name
order by assigned_on, account_id
