-- question: How was this book built?
-- grain: one row per fact
-- columns:
--   fact text: name of the fact
--   value text: its value
select
    fact,
    value
from book_facts
order by fact
