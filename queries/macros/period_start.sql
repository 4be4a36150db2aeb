-- macro: period_start(day, isodow, unit)
-- meaning: first day of the calendar day, week, week_from_sunday or month that a day lies in; one day for all in any other unit
select
    case unit
        when 'day' then day
        when 'week' then cast(day - cast(isodow - 1 as integer) as date)
        when 'week_from_sunday' then cast(day - cast(isodow % 7 as integer) as date)
        when 'month' then cast(date_trunc('month', day) as date)
        else date '1970-01-01'
    end as period_start
