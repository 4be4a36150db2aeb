-- macro: wilson_low(part, whole)
-- meaning: lower 95 % Wilson limit of part / whole
select macros.share_low(macros.ratio(part, whole), nullif(cast(whole as double), 0)) as wilson_low
