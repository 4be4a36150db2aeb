-- question: How did each account stand between its snapshots, as far as was known on one day?
-- grain: one row per account opened by as_of and stretch of days; the stretches of an account leave no day out and none overlap
-- params:
--   as_of date: nothing after this day is used
-- columns: account_id, debtor_key, currency, product, branch, region, opened_year, bucket, risk_grade, balance_band, seen_on,
--   next_on
--   branch: branch that booked the account; unknown where the source gave none
--   region: region of the debtor; unknown likewise
--   bucket: M0 to M7+, paid_off or written_off; unknown before the first snapshot
--   risk_grade: the lender's own grade; unknown where there is none
--   balance_band: outstanding balance in the account's currency, lower bound included; unknown before the first snapshot
--   seen_on: first day of the stretch, a snapshot day; 1900-01-01 before the first
with seen as (
    select account_key, as_of as seen_on, state, balance, risk_grade
    from snapshots
    where as_of <= $as_of

    union all

    select
        account_key,
        date '1900-01-01' as seen_on,
        cast(null as varchar) as state,
        cast(null as decimal(18, 2)) as balance,
        cast(null as varchar) as risk_grade
    from accounts
    where opened_on <= $as_of
)

select
    accounts.account_id, accounts.debtor_key, accounts.currency, accounts.product,
    coalesce(accounts.branch, 'unknown') as branch,
    coalesce(debtors.region, 'unknown') as region,
    cast(extract(year from accounts.opened_on) as varchar) as opened_year,
    coalesce(seen.state, 'unknown') as bucket,
    coalesce(seen.risk_grade, 'unknown') as risk_grade,
    case
        when seen.balance is null then 'unknown'
        when seen.balance < 1000 then 'to_1000'
        when seen.balance < 5000 then 'to_5000'
        when seen.balance < 20000 then 'to_20000'
        when seen.balance < 100000 then 'to_100000'
        else 'from_100000'
    end as balance_band,
    seen.seen_on,
    lead(seen.seen_on, 1, date '9999-12-31') over (partition by seen.account_key order by seen.seen_on) as next_on
from seen
inner join accounts on seen.account_key = accounts.account_key
left join debtors on accounts.debtor_key = debtors.debtor_key
