-- macro: calendar_months(earlier, later)
-- meaning: how many calendar months lie between the months of two days
select (year(later) - year(earlier)) * 12 + month(later) - month(earlier) as calendar_months
