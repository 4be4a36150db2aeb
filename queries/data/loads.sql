-- question: Which files were read, and how many of their rows are in the book?
-- grain: one row per source file
-- columns:
--   table_name text: table the file is for
--   file text: file name
--   rows_read integer: data rows in the file
--   rows_accepted integer: rows in the book
--   rows_rejected integer: rows not in the book; read = accepted + rejected
--   rows_repeated integer: of the rejected, exact repeats of an accepted row
--   encoding text: how the file was read
--   delimiter text: comma or tab, for text files
--   n_bytes integer: size in bytes
--   sha256 text: hash of the file
select
    table_name,
    file,
    rows_read,
    rows_accepted,
    rows_rejected,
    rows_repeated,
    encoding,
    delimiter,
    n_bytes,
    sha256
from loads
order by table_name, file
