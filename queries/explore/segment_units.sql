-- question: Which units of a metric make up one group?
-- grain: one row per unit; numerator and denominator add up to the group's in segments
-- uses: explore/placed_units
-- params:
--   group_1 text = all: value of dim_1, or all
--     open: a value of the data; one that nothing has gives no rows
--   group_2 text = all: value of dim_2, or all
--     open: a value of the data; one that nothing has gives no rows
-- columns: currency, account_id, unit_id, unit_on, product, branch, bucket, risk_grade, n_units, numerator, denominator
--   account_id: the account; empty where a row counts things of several accounts
--   unit_id: account, promise, contact or rule
--   bucket: on that day, or as the metric itself has it
--   risk_grade: on that day
select currency, account_id, unit_id, unit_on, product, branch, bucket, risk_grade, n_units, numerator, denominator
from placed_units
where (group_1 = $group_1 or $group_1 = 'all') and (group_2 = $group_2 or $group_2 = 'all')
order by numerator desc, denominator desc, unit_id, unit_on
