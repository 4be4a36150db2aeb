-- macro: is_wanted(value, list)
-- meaning: whether the value stands in a text of values with commas between them; an empty text wants all
select list = '' or macros.is_listed(value, list) as is_wanted
