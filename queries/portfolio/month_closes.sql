-- question: Which snapshot day stands for the close of each calendar month?
-- grain: one row per month that has one
-- params:
--   as_of date: nothing after this day is used
-- columns: month_start, as_of
--   month_start: first day of the month
--   as_of: the snapshot day that stands for its close
-- notes: the snapshot day nearest to the month's last day, from five days before (the last business day) to ten days after (the
--   first business day of the next month); of two as near, the earlier. A month without such a day has no close
with days as (
    select distinct as_of
    from snapshots
    where as_of <= $as_of
),

placed as (
    select
        as_of,
        macros.month_before(
            last_day(cast($as_of as date)), macros.months_back(as_of, last_day(cast($as_of as date)))
        ) as month_end
    from days
),

nearest as (
    select
        month_end, as_of,
        row_number() over (partition by month_end order by abs(as_of - month_end), as_of) as nth
    from placed
    where as_of - month_end between -5 and 10
)

select cast(date_trunc('month', month_end) as date) as month_start, as_of
from nearest
where nth = 1
order by month_start
