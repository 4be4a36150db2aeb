-- question: Which accounts stand behind one collector's or team's observed and expected?
-- grain: one row per assignment whose outcome is known
-- uses: teams/case_expectations
-- params:
--   group_name text: the collector or team
-- columns:
--   currency text: ISO 4217 code
--   account_id text: the lender's number
--   product text: product name
--   branch text: branch that booked the account
--   collector_id text: who was given it
--   assigned_on date: first day
--   bucket text: at assignment
--   days_band text: days in that bucket so far
--   balance_band text: third of the balances
--   risk_grade text: the lender's own
--   arm text: arm of a test, or none
--   n_others integer: like accounts of others
--   is_compared boolean: whether these are enough
--   observed integer: 1 where the outcome came, else 0; null where not compared
--   expected ratio: share of the like accounts of others with the outcome; null where not compared
--   collected money: payments less reversals while it was assigned, within the days
select
    currency,
    account_id,
    product,
    branch,
    collector_id,
    assigned_on,
    bucket,
    days_band,
    balance_band,
    risk_grade,
    arm,
    n_others,
    is_compared,
    observed,
    expected,
    collected
from case_expectations
where group_name = $group_name
order by assigned_on, account_id
