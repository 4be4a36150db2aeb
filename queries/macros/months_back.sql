-- macro: months_back(day, last)
-- meaning: how many months before the last day a day lies, to the nearest; of two as near, the more
select
    macros.calendar_months(day, last) + case
        when
            day <= macros.month_before(last, macros.calendar_months(day, last))
            and macros.month_before(last, macros.calendar_months(day, last)) - day
            >= day - macros.month_before(last, macros.calendar_months(day, last) + 1)
            then 1
        when
            day > macros.month_before(last, macros.calendar_months(day, last))
            and macros.month_before(last, macros.calendar_months(day, last) - 1) - day
            < day - macros.month_before(last, macros.calendar_months(day, last))
            then -1
        else 0
    end as months_back
