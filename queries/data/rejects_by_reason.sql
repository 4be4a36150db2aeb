-- question: Why were rows rejected?
-- grain: one row per table, column and reason
-- columns: table_name, column_name, reason, n_rows, first_file, first_line
--   column_name: column found wanting; empty where the whole row is
--   n_rows: rejected rows
select table_name, column_name, reason, count(*) as n_rows, min(file) as first_file, min(line) as first_line
from rejects
group by table_name, column_name, reason
order by n_rows desc, table_name, reason, column_name
