-- question: Of each bucket's accounts, how many cured by a later day, and how many of those were still current 30 days on?
-- grain: one row per currency and bucket from M1 on
-- uses: portfolio/cured_accounts, portfolio/roll_and_cure
-- columns:
--   currency text: ISO 4217 code
--   bucket text: M1 to M7+, at from_date
--   n_accounts integer: accounts in it at from_date
--   n_cured integer: of these, in M0 or paid off at to_date
--   n_held integer: of those, current on each of the hold_days after to_date; null where as_of is before the last of them
--   share_cured ratio: n_cured / n_accounts
--   share_held ratio: n_held / n_cured; null where nothing cured or it is too early
--   held_low ratio: lower Wilson 95 % limit of share_held
--   held_high ratio: upper Wilson 95 % limit of share_held
--   share_lasting ratio: n_held / n_accounts; null where it is too early
with held as (
    select
        currency,
        from_bucket,
        count(*) filter (where is_held) as n_held
    from cured_accounts
    group by currency, from_bucket
),

counted as (
    select
        roll_and_cure.currency,
        roll_and_cure.from_bucket as bucket,
        roll_and_cure.n_accounts,
        roll_and_cure.n_cured,
        roll_and_cure.share_cured,
        case
            when cast($to_date as date) + cast($hold_days as integer) <= $as_of then coalesce(held.n_held, 0)
        end as n_held,
        nullif(cast(roll_and_cure.n_cured as double), 0) as n,
        1.959964 * 1.959964 as z2
    from roll_and_cure
    inner join buckets on roll_and_cure.from_bucket = buckets.bucket
    left join held on roll_and_cure.currency = held.currency and roll_and_cure.from_bucket = held.from_bucket
    where buckets.bucket_no > 0
),

shares as (
    select
        *,
        cast(n_held as double) / n as share_held
    from counted
)

select
    currency,
    bucket,
    n_accounts,
    n_cured,
    n_held,
    share_cured,
    share_held,
    (share_held + z2 / (2 * n) - sqrt(z2 * (share_held * (1 - share_held) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) as held_low,
    (share_held + z2 / (2 * n) + sqrt(z2 * (share_held * (1 - share_held) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) as held_high,
    cast(n_held as double) / nullif(n_accounts, 0) as share_lasting
from shares
order by currency, bucket
