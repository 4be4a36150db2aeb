-- macro: month_before(day, months)
-- meaning: the same day so many months earlier; a month's last day stands for a month's last day
select
    case
        when day = last_day(day) then last_day(cast(day - interval (months) month as date))
        else cast(day - interval (months) month as date)
    end as month_before
