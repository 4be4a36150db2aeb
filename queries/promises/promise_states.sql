-- question: How do the promises due in a period stand on one day?
-- grain: one row per currency and state that has promises
-- uses: promises/promises_due
-- columns: currency, state, n_promises, promised, allocated
--   n_promises: promises in that state
-- notes: a promise made again before it was due stands beside the first as one of its own, unless the log withdrew the first
select currency, state, count(*) as n_promises, sum(promised) as promised, sum(allocated) as allocated
from promises_due
group by currency, state
order by
    currency,
    case state
        when 'pending' then 1
        when 'kept' then 2
        when 'partial' then 3
        when 'broken' then 4
        when 'withdrawn' then 5
        else 6
    end
