-- question: Which rows were rejected, and what stood in them?
-- grain: one row per rejected row
-- params:
--   table_name text = all: the table
--     one of: source_tables, all
--   reason text = all: the reason, or all
--     open: the reasons there are stand in data/rejects_by_reason; another gives no rows
-- columns: table_name, file, line, column_name, value, reason, row_text
--   column_name: column found wanting
--   value text: what stood there; personal values are masked
select table_name, file, line, column_name, value, reason, row_text
from rejects
where ($table_name = 'all' or table_name = $table_name) and ($reason = 'all' or reason = $reason)
order by table_name, file, line
