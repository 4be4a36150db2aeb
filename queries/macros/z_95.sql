-- macro: z_95()
-- meaning: half the width of 95 % limits, in standard errors
select 1.959964 as z_95
