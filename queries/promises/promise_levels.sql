-- question: How often had promises on the same account been broken before each promise was made?
-- grain: one row per promise due in the period and made on or before as_of
-- uses: promises/promise_ledger, promises/promises_due
-- columns: currency, promise_id, account_id, product, branch, made_on, due_on, state, is_matured, promised, allocated, level
-- notes: counted are the account's other promises whose last day had passed before the day this one was made and that were broken
--   or kept in part, as they stand at as_of. 0 is a first promise, or one after promises that were kept
with broken as (
    select account_id, last_day, promise_id
    from promise_ledger
    where state in ('broken', 'partial')
),

counted as (
    select promises_due.promise_id, count(broken.promise_id) as level
    from promises_due
    left join broken
        on
            promises_due.account_id = broken.account_id
            and promises_due.promise_id <> broken.promise_id
            and promises_due.made_on > broken.last_day
    group by promises_due.promise_id
)

select
    promises_due.currency, promises_due.promise_id, promises_due.account_id, promises_due.product, promises_due.branch,
    promises_due.made_on, promises_due.due_on, promises_due.state, promises_due.is_matured, promises_due.promised,
    promises_due.allocated, counted.level
from promises_due
inner join counted on promises_due.promise_id = counted.promise_id
order by promises_due.currency, promises_due.due_on, promises_due.promise_id
