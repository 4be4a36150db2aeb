-- macro: in_window(at, opens, closes, end_inclusive)
-- meaning: whether a wall time lies in a window of the day; one that closes before it opens goes over midnight
select case
    when opens < closes then at >= opens and (at < closes or (end_inclusive and at = closes))
    else at >= opens or at < closes or (end_inclusive and at = closes)
end as in_window
