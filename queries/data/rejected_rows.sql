-- question: Which rows were rejected, and what stood in them?
-- grain: one row per rejected row
-- params:
--   table_name text = all: one table, or all
--   reason text = all: one reason, or all
-- columns: table_name, file, line, column_name, value, reason, row_text
--   column_name: column found wanting
--   value text: what stood there; personal values are masked
select table_name, file, line, column_name, value, reason, row_text
from rejects
where ($table_name = 'all' or table_name = $table_name) and ($reason = 'all' or reason = $reason)
order by table_name, file, line
