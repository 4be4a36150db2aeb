-- question: What share of the collectible accounts was tried at all, and how often were those tried?
-- grain: one row, for one bucket or all together; none where no account was overdue
-- uses: contacts/coverage_accounts
-- columns: bucket, n_overdue, n_touched, share_touched, touched_low, touched_high, account_days, n_attempts, per_touched,
--   per_touched_low, per_touched_high, per_day, per_day_low, per_day_high
--   bucket: M1 to M7+, all or written_off
--   n_overdue: accounts overdue and not written off, in the bucket on a day of the period; with bucket = written_off the
--     written-off stock
-- notes: attempts per touched account are biased by length: an account that pays early is tried less often because it paid; the
--   rate per account-day is not
with summed as (
    select
        bucket,
        count(*) as n,
        count(*) filter (where is_touched) as n_touched,
        sum(account_days) as account_days,
        sum(n_attempts) as n_attempts,
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
        a / t as per_touched,
        a / d as per_day,
        macros.z_95() * sqrt(greatest(aa - a * a / t, 0) / nullif(t - 1, 0) / t) as half_touched,
        macros.z_95() * sqrt(macros.few_groups(n) * macros.residual_squares(a / d, aa, ad, dd)) / d as half_day
    from summed
)

select
    bucket, n as n_overdue, n_touched,
    macros.ratio(n_touched, n) as share_touched,
    greatest(0.0, macros.wilson_low(n_touched, n)) as touched_low,
    least(1.0, macros.wilson_high(n_touched, n)) as touched_high,
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
