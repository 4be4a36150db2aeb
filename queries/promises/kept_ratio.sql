-- question: What share of the promises due in a period was kept?
-- grain: one row per currency that has promises due in the period
-- uses: promises/promises_due
-- columns: currency, n_matured, n_kept, share_kept, share_kept_low, share_kept_high, promised, allocated, share_amount
--   share_kept: n_kept / n_matured; null where nothing has matured
--   promised: what the matured promises promised
--   share_amount: allocated, of each at most what it promised, over promised; null where that is 0
-- notes: promises pending, withdrawn or not judged (of 0.00, or due before they were made) are on neither side. A promise kept
--   early counts at once and one still pending does not, so a period whose last days are not past at as_of reads high; end it
--   at as_of - grace_days - 1 for a fair figure
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
)

select
    currency, n_matured, n_kept,
    macros.ratio(n_kept, n_matured) as share_kept,
    macros.wilson_low(n_kept, n_matured) as share_kept_low,
    macros.wilson_high(n_kept, n_matured) as share_kept_high,
    promised, allocated,
    macros.ratio(honoured, promised) as share_amount
from counted
order by currency
