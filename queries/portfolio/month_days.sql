-- question: Which snapshot days lie months apart, counted back from the last one?
-- grain: one row per month that a snapshot day stands for
-- params:
--   from_date date: first snapshot day
--   to_date date: last snapshot day, included
-- columns: months_back, as_of, previous_day
--   months_back: 0 for the last snapshot day up to to_date
--   as_of: the day that stands for the month
--   previous_day: the day that stands for the month before; empty where none does
-- notes: a month back is the same day of the month before (a month's last day stands for a month's last day), and the snapshot
--   day nearest to it stands for it, at most 15 days off; of two as near, the earlier. So a book of daily snapshots has steps of
--   a month, and month-ends, last business days and firsts of the next month are steps of a month alike
with days as (
    select distinct as_of
    from snapshots
    where as_of between $from_date and $to_date
),

ends as (
    select max(as_of) as last_day
    from days
),

placed as (
    select days.as_of, ends.last_day, macros.months_back(days.as_of, ends.last_day) as months_back
    from days
    cross join ends
),

nearest as (
    select
        months_back, as_of,
        row_number() over (
            partition by months_back
            order by abs(as_of - macros.month_before(last_day, months_back)), as_of
        ) as nth
    from placed
)

select
    cast(months_back as bigint) as months_back, as_of,
    case
        when lead(months_back) over (order by months_back) = months_back + 1
            then lead(as_of) over (order by months_back)
    end as previous_day
from nearest
where nth = 1
order by months_back
