-- question: How was this book built?
-- grain: one row per fact
-- columns: fact, value
--   value text: the value
select fact, value
from book_facts
order by fact
