-- macro: share_high(share, n)
-- meaning: upper 95 % Wilson limit of a share that is as sure as one of n independent things; n is above 0 or null
select
    case
        when share + n is not null
            then least(1.0, greatest(share, macros.share_middle(share, n) + macros.share_reach(share, n)))
    end as share_high
