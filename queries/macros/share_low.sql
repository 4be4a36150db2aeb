-- macro: share_low(share, n)
-- meaning: lower 95 % Wilson limit of a share that is as sure as one of n independent things; n is above 0 or null
select
    greatest(0.0, least(share, macros.share_middle(share, n) - macros.share_reach(share, n))) as share_low
