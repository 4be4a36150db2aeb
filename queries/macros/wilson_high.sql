-- macro: wilson_high(part, whole)
-- meaning: upper 95 % Wilson limit of part / whole
select macros.share_high(macros.ratio(part, whole), nullif(cast(whole as double), 0)) as wilson_high
