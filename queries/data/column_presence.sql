-- question: Which columns of the contract were given, and how full is each?
-- grain: one row per column of the source contract
-- columns:
--   table_name text: table
--   column_name text: column
--   is_required boolean: whether the contract demands it
--   is_provided boolean: whether a source file has it
--   n_rows integer: accepted rows of the table
--   n_filled integer: of these, rows where it is not empty
--   share_filled ratio: n_filled / n_rows; null where the table is empty
select
    table_name,
    column_name,
    is_required,
    is_provided,
    n_rows,
    n_filled,
    cast(n_filled as double) / nullif(cast(n_rows as double), 0) as share_filled
from column_presence
order by table_name, column_name
