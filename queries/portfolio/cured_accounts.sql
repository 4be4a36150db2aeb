-- question: Which overdue accounts had cured by a later day, and did they stay current for some days after it?
-- grain: one row per account that was in M1 or later at from_date and in M0 or paid off at to_date
-- uses: portfolio/account_moves
-- params:
--   as_of date: nothing after this day is used
--   hold_days integer = 30: days after to_date on which the account must stay current
--     range: 0 to 366
-- columns: currency, account_id, product, branch, from_bucket, to_bucket, balance_from, relapsed_on, is_held
--   from_bucket: bucket at from_date
--   to_bucket: M0 or paid_off
-- notes: with instalments and payments every day is known; without them only what a later snapshot tells
with relapses as (
    select account_key, min(from_on) as relapsed_on
    from overdue_stretches
    where from_on > $to_date and from_on <= cast($to_date as date) + cast($hold_days as integer) and from_on <= $as_of
    group by account_key
)

select
    account_moves.currency, account_moves.account_id, account_moves.product, account_moves.branch,
    account_moves.from_bucket, account_moves.to_bucket, account_moves.balance_from, relapses.relapsed_on,
    case
        when cast($to_date as date) + cast($hold_days as integer) <= $as_of then relapses.relapsed_on is null
    end as is_held
from account_moves
inner join accounts on account_moves.account_id = accounts.account_id
left join relapses on accounts.account_key = relapses.account_key
where account_moves.from_no > 0 and account_moves.to_bucket in ('M0', 'paid_off')
order by account_moves.balance_from desc, account_moves.account_id
