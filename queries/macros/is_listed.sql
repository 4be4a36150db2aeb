-- macro: is_listed(value, list)
-- meaning: whether the value stands in a text of values with commas between them; null for no value
select list_contains(string_split(list, ','), value) as is_listed
