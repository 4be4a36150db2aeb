-- macro: independent_n(share, n, n_groups, yy, xy, xx)
-- meaning: how many independent things would be as sure as a share of n things in groups (a ratio of sums), at most n;
--   yy, xy and xx are sums over the groups: of hits squared, hits times things, and things squared
select
    least(
        n,
        nullif(share * (1 - share), 0) * n * n
        / nullif(macros.few_groups(n_groups) * macros.residual_squares(share, yy, xy, xx), 0)
    ) as independent_n
