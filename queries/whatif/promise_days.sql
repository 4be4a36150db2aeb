-- question: What was promised, when, and for when?
-- grain: one row per promise
-- params:
--   to_date date: last day, included
--   permille integer = 1000: thousandths of the debtors to draw; 1000 for all
--     range: 0 to 1000
-- columns: account_key, made_on, due_on, withdrawn_on
--   withdrawn_on: day it was taken back; empty where it was not by to_date
select
    promises.account_key, promises.made_on, promises.due_on,
    case when promises.withdrawn_on <= $to_date then promises.withdrawn_on end as withdrawn_on
from promises
inner join accounts on promises.account_key = accounts.account_key
where promises.made_on <= $to_date and (cast(accounts.debtor_key as bigint) * 7919) % 1000 < $permille
