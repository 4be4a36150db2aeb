-- macro: ratio(part, whole)
-- meaning: part / whole as a number; null where whole is 0
select cast(part as double) / nullif(cast(whole as double), 0) as ratio
