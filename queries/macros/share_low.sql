-- macro: share_low(share, n)
-- meaning: lower 95 % Wilson limit of a share that is as sure as one of n independent things; n is above 0 or null
select
    case
        when share + n is not null
            then greatest(0.0, least(share, macros.share_middle(share, n) - macros.share_reach(share, n)))
    end as share_low
