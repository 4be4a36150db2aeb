-- question: From which day to which day does each dated table reach?
-- grain: one row per table that has rows
-- columns: table_name, n_rows, first_day, last_day, n_undated
--   n_rows: rows in scope
--   first_day: earliest day
--   last_day: latest day
--   n_undated: rows whose local day is unknown
select
    'snapshots' as table_name,
    count(*) as n_rows,
    min(as_of) as first_day,
    max(as_of) as last_day,
    count(*) - count(as_of) as n_undated
from snapshots
having count(*) > 0

union all

select
    'instalments' as table_name,
    count(*) as n_rows,
    min(due_on) as first_day,
    max(due_on) as last_day,
    count(*) - count(due_on) as n_undated
from instalments
having count(*) > 0

union all

select
    'payments' as table_name,
    count(*) as n_rows,
    min(paid_on) as first_day,
    max(paid_on) as last_day,
    count(*) - count(paid_on) as n_undated
from payments
having count(*) > 0

union all

select
    'contacts' as table_name,
    count(*) as n_rows,
    min(local_date) as first_day,
    max(local_date) as last_day,
    count(*) - count(local_date) as n_undated
from contacts
having count(*) > 0

union all

select
    'promises' as table_name,
    count(*) as n_rows,
    min(made_on) as first_day,
    max(made_on) as last_day,
    count(*) - count(made_on) as n_undated
from promises
having count(*) > 0
order by table_name
