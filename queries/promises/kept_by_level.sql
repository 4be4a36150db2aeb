-- question: Are promises kept less often on accounts that broke some before?
-- grain: one row per currency and level that has matured promises
-- uses: promises/promise_levels
-- columns: currency, level, n_matured, n_kept, share_kept, share_kept_low, share_kept_high
-- notes: who breaks promises differs from who keeps them, so the difference is not what breaking one does
select
    currency, level,
    count(*) as n_matured,
    count(*) filter (where state = 'kept') as n_kept,
    macros.ratio(count(*) filter (where state = 'kept'), count(*)) as share_kept,
    macros.wilson_low(count(*) filter (where state = 'kept'), count(*)) as share_kept_low,
    macros.wilson_high(count(*) filter (where state = 'kept'), count(*)) as share_kept_high
from promise_levels
where is_matured
group by currency, level
order by currency, level
