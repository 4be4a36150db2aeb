-- macro: few_groups(n)
-- meaning: n / (n - 1), by which the spread of n groups is read larger; null for one
select cast(n as double) / nullif(n - 1, 0) as few_groups
