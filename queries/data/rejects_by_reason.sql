-- question: Why were rows rejected?
-- grain: one row per table, column and reason
-- columns:
--   table_name text: table the rows were for
--   column_name text: column found wanting; empty where the whole row is
--   reason text: code of the reason
--   n_rows integer: rejected rows
--   first_file text: where the first of them stands
--   first_line integer: line of the first of them in that file
select
    table_name,
    column_name,
    reason,
    count(*) as n_rows,
    min(file) as first_file,
    min(line) as first_line
from rejects
group by table_name, column_name, reason
order by n_rows desc, table_name, reason, column_name
