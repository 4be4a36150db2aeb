-- question: Which promises can be neither kept nor broken, and what is wrong with each?
-- grain: one row per promise
-- params:
--   as_of date: promises made later are left out
-- columns: currency, promise_id, account_id, product, branch, made_on, due_on, promised, gap
--   gap: no_amount (none, or 0.00), no_due_date, or due_before_made
-- notes: such a promise takes no money from others and is in no kept ratio; withdrawn ones are here too
select
    accounts.currency, promises.promise_id, accounts.account_id, accounts.product, accounts.branch, promises.made_on,
    promises.due_on,
    promises.amount as promised,
    case
        when promises.amount is null or promises.amount <= 0 then 'no_amount'
        when promises.due_on is null then 'no_due_date'
        else 'due_before_made'
    end as gap
from promises
inner join accounts on promises.account_key = accounts.account_key
where promises.made_on <= $as_of and not macros.can_be_kept(promises.amount, promises.made_on, promises.due_on)
order by accounts.currency, promises.made_on, promises.promise_id
