-- question: What is known of each overdue account on one day, and what had become of it on a later one?
-- grain: one row per account overdue at as_of, neither paid off nor written off
-- uses: process/debtor_signs
-- params:
--   as_of date: the day on which it is graded; nothing after it is used but the outcome
--   to_date date: the day of the outcome; none is told where it is not later than as_of or has no snapshot
--   history_days integer = 365: spells begun in so many days up to as_of are counted
--     range: 1 to 3660
--   occasional_most integer = 1: at most so many spells are occasional
--     range: 0 to habitual_least
--   habitual_least integer = 3: at least so many are habitual
--     range: 1 up
-- columns: currency, account_id, product, branch, industry, region, days_past_due, bucket, balance, risk_grade, delay_cause,
--   n_spells, history, willingness, ability, is_secured, collateral_cover, valued_days, is_worse, is_cured
--   days_past_due: at as_of
--   bucket: aging bucket at as_of
--   balance: outstanding at as_of
--   n_spells: spells begun in the last history_days
--   is_worse: in a later bucket or written off at to_date; empty where that is not known
--   is_cured: in M0 or paid off at to_date; empty where that is not known
-- notes: an account gone from the book at to_date has no outcome. Spells read from snapshots tell of no day before the first,
--   so history is empty where the book does not reach back history_days
with followed as (
    select snapshots.account_key, coalesce(buckets.bucket_no, -1) as bucket_no, snapshots.state
    from snapshots
    left join buckets on snapshots.state = buckets.bucket
    where snapshots.as_of = $to_date and $to_date > $as_of
),

counted_spells as (
    select account_key, count(*) as n_spells, min(basis) as basis
    from spells
    where started_on <= $as_of and started_on + cast($history_days as integer) > $as_of
    group by account_key
),

first_seen as (
    select min(as_of) as day
    from snapshots
)

select
    accounts.currency, accounts.account_id, accounts.product, accounts.branch, debtors.industry, debtors.region,
    snapshots.days_past_due, buckets.bucket, snapshots.balance, snapshots.risk_grade,
    case when snapshots.delay_cause <> 'unknown' then snapshots.delay_cause end as delay_cause,
    coalesce(counted_spells.n_spells, 0) as n_spells,
    case
        when
            coalesce(counted_spells.basis, 'snapshots') = 'snapshots'
            and first_seen.day + cast($history_days as integer) > cast($as_of as date) + 1
            and coalesce(counted_spells.n_spells, 0) < $habitual_least
            then null
        when coalesce(counted_spells.n_spells, 0) <= $occasional_most then 'occasional'
        when counted_spells.n_spells >= $habitual_least then 'habitual'
        else 'between'
    end as history,
    debtor_signs.willingness, debtor_signs.ability,
    coalesce(accounts.secured, false) as is_secured,
    macros.ratio(accounts.collateral_value, snapshots.balance) as collateral_cover,
    cast(snapshots.as_of - accounts.collateral_valued_on as bigint) as valued_days,
    case
        when followed.state = 'written_off' then true
        when followed.state = 'paid_off' then false
        else followed.bucket_no > buckets.bucket_no
    end as is_worse,
    case
        when followed.account_key is not null
            then followed.state = 'paid_off' or followed.bucket_no = 0
    end as is_cured
from snapshots
inner join accounts on snapshots.account_key = accounts.account_key
inner join debtors on accounts.debtor_key = debtors.debtor_key
inner join buckets on snapshots.state = buckets.bucket
inner join debtor_signs on snapshots.account_key = debtor_signs.account_key
cross join first_seen
left join counted_spells on snapshots.account_key = counted_spells.account_key
left join followed on snapshots.account_key = followed.account_key
where snapshots.as_of = $as_of and buckets.bucket_no > 0
order by accounts.account_id
