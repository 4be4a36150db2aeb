-- macro: share_reach(share, n)
-- meaning: half the width of the 95 % Wilson limits of a share that is as sure as one of n independent things
select
    sqrt(macros.z_95() * macros.z_95() * (share * (1 - share) / n + macros.z_95() * macros.z_95() / (4 * n * n)))
    / (1 + macros.z_95() * macros.z_95() / n) as share_reach
