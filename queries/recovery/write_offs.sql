-- question: Which accounts were written off, on which day and at what balance?
-- grain: one row per account that the book saw before its write-off
-- params:
--   as_of date: nothing after this day is used
-- columns: currency, account_key, account_id, product, branch, cohort, written_off_on, written_off_balance
--   cohort: first day of the month of the write-off
-- notes: the day is that of the first snapshot that says written off, the balance what that snapshot still carries, or where it
--   carries none what the snapshot before did. An account that the book opens with as written off is left out: nobody knows
--   since when it was. One that is written off a second time counts at the first
with told as (
    select
        account_key, as_of, state, balance,
        lag(state) over (partition by account_key order by as_of) as state_before,
        lag(balance) over (partition by account_key order by as_of) as balance_before
    from snapshots
    where as_of <= $as_of
),

firsts as (
    select
        account_key, as_of, balance, balance_before, state_before,
        row_number() over (partition by account_key order by as_of) as nth
    from told
    where state = 'written_off'
)

select
    accounts.currency, firsts.account_key, accounts.account_id, accounts.product, accounts.branch,
    cast(date_trunc('month', firsts.as_of) as date) as cohort,
    firsts.as_of as written_off_on,
    case when firsts.balance > 0 then firsts.balance else firsts.balance_before end as written_off_balance
from firsts
inner join accounts on firsts.account_key = accounts.account_key
where firsts.nth = 1 and firsts.state_before is not null
