-- question: Which columns of the contract were given, and how full is each?
-- grain: one row per column of the source contract
-- columns: table_name, column_name, is_required, is_provided, n_rows, n_filled, share_filled
select
    table_name, column_name, is_required, is_provided, n_rows, n_filled,
    macros.ratio(n_filled, n_rows) as share_filled
from column_presence
order by table_name, column_name
