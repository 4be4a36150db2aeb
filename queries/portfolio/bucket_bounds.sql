-- question: Where does each aging bucket of this book begin and end?
-- grain: one row per bucket
-- columns:
--   bucket text: M0 to M7+
--   bucket_no integer: 0 to 7, in order of age
--   from_days integer: first day past due that belongs to it
--   to_days integer: last day, included; open where empty
-- notes: as the settings stood when the book was built, which may be otherwise than they stand now
select
    bucket,
    bucket_no,
    from_days,
    to_days
from buckets
order by bucket_no
