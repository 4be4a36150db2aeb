-- question: Which files were read, and how many of their rows are in the book?
-- grain: one row per source file
-- columns: table_name, file, rows_read, rows_accepted, rows_rejected, rows_left_out, rows_repeated, encoding, delimiter,
--   n_bytes, sha256
select
    table_name,
    file,
    rows_read,
    rows_accepted,
    rows_rejected,
    rows_left_out,
    rows_repeated,
    encoding,
    delimiter,
    n_bytes,
    sha256
from loads
order by table_name, file
