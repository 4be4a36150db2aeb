-- question: Of each segment's accounts on one day, how many got worse and how many cured by a later day?
-- grain: one row per currency and segment that has accounts
-- uses: portfolio/segment_moves
-- params:
--   segment_by text = product: what it is cut by
--     one of: product, branch, bucket
-- columns: currency, segment, n_accounts, n_worse, n_cured
--   segment: the product, branch or bucket at from_date; empty where it is not given
--   n_accounts: accounts at from_date
select
    currency,
    case $segment_by when 'branch' then branch when 'bucket' then from_bucket else product end as segment,
    count(*) as n_accounts,
    count(*) filter (where is_worse) as n_worse,
    count(*) filter (where is_cured) as n_cured
from segment_moves
group by 1, 2
order by 1, 2
