-- question: Which promises were made in a contact, and was each kept by the end of the period?
-- grain: one row per promise that names its contact and was made on or before to_date
-- uses: promises/promise_ledger with as_of = to_date
-- params:
--   to_date date: the day of judgement
--   grace_days integer = 1: days after the due date on which a payment still counts
--     range: 0 to 60
--   tolerance ratio = 1.0: share of the promised amount that is enough
--     range: 0.01 to 1
-- columns: contact_id, promise_id, is_kept, is_pending
--   contact_id: the contact it was made in
select contact_id, promise_id, state = 'kept' as is_kept, state = 'pending' as is_pending
from promise_ledger
where contact_id is not null
