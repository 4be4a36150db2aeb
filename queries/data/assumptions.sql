-- question: What was read otherwise than it is written, and what could not be read at all in rows that are in the book?
-- grain: one row per table, column and kind of cell
-- columns: table_name, column_name, kind, n_rows, example, detail
--   kind text: what was assumed; unread where the value could not be read and is empty in the book
--   n_rows: rows with such a cell
--   detail: what it was read as, or why it could not be read
with unread as (
    select
        table_name,
        column_name,
        'unread' as kind,
        count(*) as n_rows,
        arg_min(value, (file, line)) as example,
        reason as detail
    from unread_values
    group by all
),

read_otherwise as (
    select table_name, column_name, kind, sum(n_rows)::bigint as n_rows, arg_min(example, file) as example, detail
    from assumptions
    group by all
)

select table_name, column_name, kind, n_rows, example, detail
from unread
union all
select table_name, column_name, kind, n_rows, example, detail
from read_otherwise
order by n_rows desc, table_name, column_name, kind, detail
