-- question: Of each bucket's accounts, how many cured by a later day, and how many of those were still current 30 days on?
-- grain: one row per currency and bucket from M1 on
-- uses: portfolio/cured_accounts, portfolio/roll_and_cure
-- columns: currency, bucket, n_accounts, n_cured, n_held, share_cured, share_held, held_low, held_high, share_lasting
--   bucket: M1 to M7+, at from_date
--   n_accounts: accounts in it at from_date
--   n_cured: of these, in M0 or paid off at to_date
with held as (
    select currency, from_bucket, count(*) filter (where is_held) as n_held
    from cured_accounts
    group by currency, from_bucket
),

counted as (
    select
        roll_and_cure.currency, roll_and_cure.from_bucket as bucket, roll_and_cure.n_accounts, roll_and_cure.n_cured,
        roll_and_cure.share_cured,
        case
            when cast($to_date as date) + cast($hold_days as integer) <= $as_of then coalesce(held.n_held, 0)
        end as n_held
    from roll_and_cure
    inner join buckets on roll_and_cure.from_bucket = buckets.bucket
    left join held on roll_and_cure.currency = held.currency and roll_and_cure.from_bucket = held.from_bucket
    where buckets.bucket_no > 0
)

select
    currency, bucket, n_accounts, n_cured, n_held, share_cured,
    macros.ratio(n_held, n_cured) as share_held,
    macros.wilson_low(n_held, n_cured) as held_low,
    macros.wilson_high(n_held, n_cured) as held_high,
    macros.ratio(n_held, n_accounts) as share_lasting
from counted
order by currency, bucket
