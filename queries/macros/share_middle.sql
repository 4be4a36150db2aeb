-- macro: share_middle(share, n)
-- meaning: middle of the 95 % Wilson limits of a share that is as sure as one of n independent things
select (share + macros.z_95() * macros.z_95() / (2 * n)) / (1 + macros.z_95() * macros.z_95() / n) as share_middle
