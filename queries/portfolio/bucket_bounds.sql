-- question: Where does each aging bucket of this book begin and end?
-- grain: one row per bucket
-- columns: bucket, bucket_no, from_days, to_days
-- notes: as the settings stood when the book was built, which may be otherwise than they stand now
select bucket, bucket_no, from_days, to_days
from buckets
order by bucket_no
