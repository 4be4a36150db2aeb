-- macro: can_be_kept(amount, made_on, due_on)
-- meaning: whether a promise can be judged at all: it names an amount above 0, and a day that is not before the day it was made
select coalesce(amount > 0 and due_on >= made_on, false) as can_be_kept
