-- question: Which column is missing where a rule of the process cannot be assessed?
-- grain: one row per rule and missing column
-- uses: process/check_counts
-- columns: rule_id, missing, n_items
--   missing: the column or the reason
--   n_items: things that cannot be judged for it
select rule_id, missing, cast(sum(n_items) as bigint) as n_items
from check_counts
where verdict = 'not_assessable'
group by rule_id, missing
order by n_items desc, rule_id, missing
