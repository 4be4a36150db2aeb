-- question: Did the money that came in during a period pay instalments overdue, instalments of the time, or later ones?
-- grain: one row per account that paid in the period
-- params:
--   from_date date: first day of the period
--   to_date date: last day, included
--   current_days integer = 30: an instalment due on the day of payment or within so many days after it is current
--     range: 0 to 366
-- columns: currency, account_id, product, branch, state, paid, to_overdue, to_current, to_advance, unassigned
--   state: state at the last snapshot before from_date: M0 to M7+, written_off, paid_off, or none where there is none
--   paid: payments of the period less what of them was reversed by to_date
-- notes: payments pay the oldest instalment first, as days past due are reckoned. A reversal takes its payment out on the day it
--   was made, so a payment from before the period that bounced in it changes nothing here. Accounts written off are in
with opening_day as (
    select max(as_of) as as_of
    from snapshots
    where as_of < $from_date
),

reversals as (
    select account_key, reverses_payment_id, sum(abs(amount)) as amount
    from payments
    where reverses_payment_id is not null and paid_on <= $to_date
    group by account_key, reverses_payment_id
),

money as (
    select payments.account_key, payments.paid_on, greatest(payments.amount - coalesce(reversals.amount, 0), 0) as paid
    from payments
    left join reversals
        on payments.account_key = reversals.account_key and payments.payment_id = reversals.reverses_payment_id
    where payments.reverses_payment_id is null and payments.paid_on <= $to_date
),

earlier as (
    select account_key, sum(paid) as paid
    from money
    where paid_on < $from_date
    group by account_key
),

of_day as (
    select account_key, paid_on, sum(paid) as paid
    from money
    where paid_on >= $from_date
    group by account_key, paid_on
    having sum(paid) > 0
),

running as (
    select account_key, paid_on, paid, sum(paid) over (partition by account_key order by paid_on) as paid_in_period
    from of_day
),

asked as (
    select
        running.account_key, running.paid_on, running.paid,
        coalesce(earlier.paid, 0) + running.paid_in_period as paid_through,
        coalesce(earlier.paid, 0) + running.paid_in_period - running.paid as paid_before
    from running
    left join earlier on running.account_key = earlier.account_key
),

dues as (
    select
        asked.account_key, asked.paid_on,
        count(instalments.account_key) as n_instalments,
        coalesce(sum(instalments.amount) filter (where instalments.due_on < asked.paid_on), 0) as due_before,
        coalesce(sum(
            case when instalments.due_on <= asked.paid_on + cast($current_days as integer) then instalments.amount end
        ), 0) as due_soon
    from asked
    left join instalments on asked.account_key = instalments.account_key
    group by asked.account_key, asked.paid_on
),

opening as (
    select snapshots.account_key, snapshots.state
    from snapshots
    inner join opening_day on snapshots.as_of = opening_day.as_of
),

split as (
    select
        asked.account_key,
        sum(asked.paid) as paid,
        sum(
            case
                when dues.n_instalments > 0
                    then least(asked.paid_through, dues.due_before) - least(asked.paid_before, dues.due_before)
            end
        ) as to_overdue,
        sum(
            case
                when dues.n_instalments > 0
                    then greatest(asked.paid_through, dues.due_soon) - greatest(asked.paid_before, dues.due_soon)
            end
        ) as to_advance,
        sum(case when dues.n_instalments = 0 then asked.paid end) as unassigned
    from asked
    inner join dues on asked.account_key = dues.account_key and asked.paid_on = dues.paid_on
    group by asked.account_key
)

select
    accounts.currency, accounts.account_id, accounts.product, accounts.branch,
    coalesce(opening.state, 'none') as state,
    cast(split.paid as decimal(18, 2)) as paid,
    cast(coalesce(split.to_overdue, 0) as decimal(18, 2)) as to_overdue,
    cast(
        split.paid - coalesce(split.to_overdue, 0) - coalesce(split.to_advance, 0) - coalesce(split.unassigned, 0)
        as decimal(18, 2)
    ) as to_current,
    cast(coalesce(split.to_advance, 0) as decimal(18, 2)) as to_advance,
    cast(coalesce(split.unassigned, 0) as decimal(18, 2)) as unassigned
from split
inner join accounts on split.account_key = accounts.account_key
left join opening on split.account_key = opening.account_key
order by split.paid desc, accounts.account_id
