-- question: How many of the promises due in a period were kept, by product or branch?
-- grain: one row per currency and segment that has promises matured
-- uses: promises/promises_due
-- params:
--   segment_by text = product: what it is cut by
--     one of: product, branch
-- columns: currency, segment, n_matured, n_kept
select
    currency,
    case $segment_by when 'branch' then branch else product end as segment,
    count(*) as n_matured,
    count(*) filter (where state = 'kept') as n_kept
from promises_due
where is_matured
group by 1, 2
order by 1, 2
