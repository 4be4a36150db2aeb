-- question: How many days after its due date is an unpaid instalment first past due?
-- grain: one row; none in a book without accounts
-- columns: after_due
-- notes: 1, or 0 where the due date itself is day 1, and the days of grace: as the book was built
select
    cast(1 + coalesce(sum(
        case fact when 'days_of_grace' then cast(value as integer) else -cast(value as integer) end
    ), 0) as bigint) as after_due
from book_facts
where fact in ('days_of_grace', 'due_date_is_day_one')
having exists (select 1 from accounts)
