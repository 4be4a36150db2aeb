-- question: On which days was an account called, reached or paid?
-- grain: one row per account and day with a call to the debtor or a payment
-- params:
--   from_date date: first day
--   to_date date: last day, included
--   permille integer = 1000: thousandths of the debtors to draw; 1000 for all
--     range: 0 to 1000
-- columns: account_key, happened_on, n_dials, n_reached, first_hour, amount
--   happened_on: the debtor's local day of the calls, the value date of the payments
--   amount: payments less reversals
-- notes: the days of a spell on which nothing happened are filled in by the model, which holds a row for each
with happenings as (
    select
        account_key,
        macros.local_day(local_date, started_at) as happened_on,
        1 as n_dials,
        case when outcome = 'conversation' and coalesce(right_party, true) then 1 else 0 end as n_reached,
        hour(local_time) as first_hour,
        cast(0 as decimal(18, 2)) as amount
    from contacts
    where channel = 'call' and direction = 'out' and coalesce(role, 'unknown') in ('debtor', 'unknown')
    union all
    select account_key, paid_on as happened_on, 0 as n_dials, 0 as n_reached, null as first_hour, net_amount as amount
    from payments
)

select
    happenings.account_key, happenings.happened_on,
    cast(sum(happenings.n_dials) as bigint) as n_dials,
    cast(sum(happenings.n_reached) as bigint) as n_reached,
    cast(min(happenings.first_hour) as bigint) as first_hour,
    cast(sum(happenings.amount) as decimal(18, 2)) as amount
from happenings
inner join accounts on happenings.account_key = accounts.account_key
where
    happenings.happened_on between $from_date and $to_date
    and (cast(accounts.debtor_key as bigint) * 7919) % 1000 < $permille
group by happenings.account_key, happenings.happened_on
