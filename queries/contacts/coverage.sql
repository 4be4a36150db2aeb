-- question: What share of the overdue accounts was tried at all, and how often were those tried?
-- grain: one row, for one bucket or all together; none where no account was overdue
-- uses: contacts/coverage_accounts
-- columns:
--   bucket text: M1 to M7+, or all
--   n_overdue integer: accounts overdue in the bucket on a day of the period
--   n_touched integer: of these, with an outbound contact on such a day
--   share_touched ratio: n_touched / n_overdue: coverage
--   touched_low ratio: lower Wilson 95 % limit
--   touched_high ratio: upper Wilson 95 % limit
--   account_days integer: days overdue, summed over accounts
--   n_attempts integer: outbound contacts on these days
--   per_touched ratio: n_attempts / n_touched: intensity; null where none was touched
--   per_touched_low ratio: lower 95 % limit, accounts as the sample; null with fewer than two
--   per_touched_high ratio: upper 95 % limit
--   per_day ratio: n_attempts / account_days
--   per_day_low ratio: lower 95 % limit of a ratio of sums over accounts
--   per_day_high ratio: upper 95 % limit
-- notes: attempts per touched account are biased by length: an account that pays early is tried less often because it paid; the
--   rate per account-day is not
with summed as (
    select
        bucket,
        count(*) as n,
        count(*) filter (where is_touched) as n_touched,
        sum(account_days) as account_days,
        sum(n_attempts) as n_attempts,
        cast(count(*) as double) as m,
        cast(sum(n_attempts) as double) as a,
        cast(sum(account_days) as double) as d,
        cast(nullif(count(*) filter (where is_touched), 0) as double) as t,
        cast(sum(n_attempts * n_attempts) as double) as aa,
        cast(sum(n_attempts * account_days) as double) as ad,
        cast(sum(account_days * account_days) as double) as dd
    from coverage_accounts
    group by bucket
),

spread as (
    select
        *,
        1.959964 * 1.959964 as z2,
        n_touched / m as p,
        a / t as per_touched,
        a / d as per_day,
        1.959964 * sqrt(greatest(aa - a * a / t, 0) / nullif(t - 1, 0) / t) as half_touched,
        1.959964 * sqrt(
            m / nullif(m - 1, 0) * greatest(aa - 2 * (a / d) * ad + (a / d) * (a / d) * dd, 0)
        ) / d as half_day
    from summed
)

select
    bucket,
    n as n_overdue,
    n_touched,
    p as share_touched,
    greatest(0.0, (p + z2 / (2 * m) - sqrt(z2 * (p * (1 - p) / m + z2 / (4 * m * m)))) / (1 + z2 / m)) as touched_low,
    least(1.0, (p + z2 / (2 * m) + sqrt(z2 * (p * (1 - p) / m + z2 / (4 * m * m)))) / (1 + z2 / m)) as touched_high,
    cast(account_days as bigint) as account_days,
    cast(n_attempts as bigint) as n_attempts,
    per_touched,
    greatest(0.0, per_touched - half_touched) as per_touched_low,
    per_touched + half_touched as per_touched_high,
    per_day,
    greatest(0.0, per_day - half_day) as per_day_low,
    per_day + half_day as per_day_high
from spread
order by bucket
