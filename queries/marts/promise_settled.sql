-- question: Of which accounts with promises can payments be allocated once, whatever the day of judgement?
-- grain: one row per such account
-- params:
--   grace_days integer = 1: days after the due date on which a payment still counts
--     range: 0 to 60
-- columns: account_key, grace_days
-- notes: an allocation depends on the day only through what that day does not know yet: a payment taken back later, a promise
--   withdrawn later. Accounts with either are worked out by the day, and so are those whose promises' local days do not rise with
--   the time at which they were made
with lined_up as (
    select
        account_key, made_on, withdrawn_on,
        lag(made_on) over (partition by account_key order by made_at, promise_id) as made_before
    from promises
),

steady as (
    select account_key
    from lined_up
    group by account_key
    having count(withdrawn_on) = 0 and sum(case when made_before > made_on then 1 else 0 end) = 0
)

select account_key, cast($grace_days as bigint) as grace_days
from steady
where
    account_key not in (
        select payments.account_key
        from payments
        where payments.reverses_payment_id is not null
    )
order by account_key
