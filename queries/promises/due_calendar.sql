-- question: How much was promised for each day, and how does it stand?
-- grain: one row per currency, due date and state that has promises
-- uses: promises/promises_due
-- columns: currency, due_on, state, n_promises, promised, allocated
--   n_promises: promises in that state
select currency, due_on, state, count(*) as n_promises, sum(promised) as promised, sum(allocated) as allocated
from promises_due
group by currency, due_on, state
order by
    currency, due_on,
    case state
        when 'pending' then 1
        when 'kept' then 2
        when 'partial' then 3
        when 'broken' then 4
        when 'withdrawn' then 5
        else 6
    end
