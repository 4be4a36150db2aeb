-- question: How many accounts did each collector or team bring to an outcome, and how many were to be expected?
-- grain: one row per collector or team with assignments of the period
-- uses: teams/case_expectations
-- columns: group_name, currency, team, n_cases, n_compared, observed, expected, variance, ratio, collected
--   group_name: the collector or team; empty where the book does not say
--   team: team; of a collector with several, the last by name
--   n_compared: of these, with enough like accounts of others
--   observed: of the compared, with the outcome
--   expected ratio: of the compared, to be expected
--   variance: of observed - expected, if nobody differed
--   collected: payments less reversals of all n_cases while they were assigned, within the days
-- notes: the rows of cases_of_group add up to observed, expected and collected
select
    group_name, currency,
    max(team) as team,
    count(*) as n_cases,
    count(*) filter (where is_compared) as n_compared,
    cast(coalesce(sum(observed), 0) as bigint) as observed,
    coalesce(sum(expected), 0.0) as expected,
    coalesce(sum(variance), 0.0) as variance,
    macros.ratio(sum(observed), sum(expected)) as ratio,
    cast(sum(collected) as decimal(38, 2)) as collected
from case_expectations
group by group_name, currency
order by group_name, currency
