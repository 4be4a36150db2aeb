-- macro: sum_where(value, condition)
-- meaning: sum of a whole number over the rows where the condition holds; 0 where there are none
select cast(coalesce(sum(value) filter (where condition), 0) as bigint) as sum_where
