-- question: What share of the promises due in a period was kept?
-- grain: one row per currency that has promises due in the period
-- uses: promises/promises_due
-- columns:
--   currency text: ISO 4217 code
--   n_matured integer: promises kept, partial or broken
--   n_kept integer: of these, kept
--   share_kept ratio: n_kept / n_matured; null where nothing has matured
--   share_kept_low ratio: lower Wilson 95 % limit of share_kept
--   share_kept_high ratio: upper Wilson 95 % limit of share_kept
--   promised money: what the matured promises promised
--   allocated money: what payments have gone to them
--   share_amount ratio: allocated, of each at most what it promised, over promised; null where that is 0
-- notes: pending and withdrawn promises are on neither side. A promise kept early counts at once and one still pending does not,
--   so a period whose last days are not past at as_of reads high; end it at as_of - grace_days - 1 for a fair figure
with counted as (
    select
        currency,
        count(*) filter (where is_matured) as n_matured,
        count(*) filter (where state = 'kept') as n_kept,
        coalesce(sum(promised) filter (where is_matured), 0) as promised,
        coalesce(sum(allocated) filter (where is_matured), 0) as allocated,
        coalesce(sum(least(allocated, promised)) filter (where is_matured), 0) as honoured
    from promises_due
    group by currency
),

shares as (
    select
        currency,
        n_matured,
        n_kept,
        promised,
        allocated,
        nullif(cast(n_matured as double), 0) as n,
        cast(n_kept as double) / nullif(cast(n_matured as double), 0) as share_kept,
        cast(honoured as double) / nullif(cast(promised as double), 0) as share_amount,
        1.959964 * 1.959964 as z2
    from counted
)

select
    currency,
    n_matured,
    n_kept,
    share_kept,
    (share_kept + z2 / (2 * n) - sqrt(z2 * (share_kept * (1 - share_kept) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) as share_kept_low,
    (share_kept + z2 / (2 * n) + sqrt(z2 * (share_kept * (1 - share_kept) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) as share_kept_high,
    promised,
    allocated,
    share_amount
from shares
order by currency
