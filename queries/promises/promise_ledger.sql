-- question: How much of each promise has been paid by one day, and is it kept?
-- grain: one row per promise made on or before as_of
-- params:
--   as_of date: the day of judgement; what was made, paid, taken back or withdrawn later is not known yet
--   grace_days integer = 1: days after the due date on which a payment still counts
--     range: 0 to 60
--   tolerance ratio = 1.0: share of the promised amount that is enough
--     range: 0.01 to 1
-- columns: currency, promise_id, account_id, product, branch, contact_id, made_on, due_on, last_day, state, promised,
--   allocated, last_paid_on
--   contact_id: the contact it was made in; empty where the log does not say
--   last_day: last day on which a payment counts, due_on + grace_days
--   allocated: what payments have gone to it; never more than promised
-- notes: payments go to the oldest promise of the account first (made_at, then promise_id), each unit of money once; what a
--   payment has left over goes on to the next promise whose days it falls in, made_on to last_day. A reversal dated on or before
--   as_of lowers the payment it reverses; an amount below 0 that names no payment lowers none. A promise withdrawn by as_of
--   takes nothing, and so does one of 0.00 or one due before it was made: neither is judged. Kept when allocated reaches
--   tolerance x promised, even before it is due; pending until last_day has passed
with recursive standing as (
    select
        account_key, promise_id, made_on,
        due_on + cast($grace_days as integer) as last_day,
        case
            when withdrawn_on <= $as_of or not macros.can_be_kept(amount, made_on, due_on) then cast(0 as decimal(18, 2))
            else amount
        end as wanted,
        row_number() over (partition by account_key order by made_at, promise_id) as nth,
        account_key in (
            select promise_settled.account_key from promise_settled
            where promise_settled.grace_days = $grace_days
        ) as is_settled
    from promises
    where made_on <= $as_of
),

unsettled as (
    select *
    from standing
    where not is_settled
),

reversals as (
    select account_key, reverses_payment_id, sum(abs(amount)) as amount
    from payments
    where reverses_payment_id is not null and paid_on <= $as_of
    group by account_key, reverses_payment_id
),

money as (
    select
        payments.account_key, payments.payment_id, payments.paid_on,
        cast(payments.amount - coalesce(reversals.amount, 0) as decimal(18, 2)) as amount
    from payments
    left join reversals
        on payments.account_key = reversals.account_key and payments.payment_id = reversals.reverses_payment_id
    where
        payments.reverses_payment_id is null
        and payments.paid_on <= $as_of
        and payments.account_key in (select unsettled.account_key from unsettled)
),

-- accounts that promise_settled holds are read from promise_payments below; for the others one round per promise: round n hands
-- the money that rounds before it left to promise n
rounds as (
    select
        account_key, payment_id, paid_on,
        cast(0 as bigint) as nth, amount as remaining,
        cast(0 as decimal(18, 2)) as taken
    from money
    where amount > 0

    union all

    select account_key, payment_id, paid_on, nth, cast(remaining - taken as decimal(18, 2)) as remaining, taken
    from (
        select
            rounds.account_key, rounds.payment_id, rounds.paid_on, unsettled.nth, rounds.remaining,
            macros.handed_out(
                rounds.account_key, rounds.payment_id, rounds.paid_on, rounds.remaining,
                unsettled.made_on, unsettled.last_day, unsettled.wanted
            ) as taken
        from rounds
        inner join unsettled on rounds.account_key = unsettled.account_key and rounds.nth + 1 = unsettled.nth
    ) as handed_out
),

received as (
    select account_key, nth, sum(taken) as allocated, max(paid_on) as last_paid_on
    from rounds
    where taken > 0
    group by account_key, nth

    union all

    select
        standing.account_key, standing.nth,
        sum(promise_payments.amount) as allocated,
        max(promise_payments.paid_on) as last_paid_on
    from promise_payments
    inner join standing on promise_payments.promise_id = standing.promise_id
    where standing.is_settled and promise_payments.paid_on <= $as_of
    group by standing.account_key, standing.nth
)

select
    accounts.currency, promises.promise_id, accounts.account_id, accounts.product, accounts.branch, promises.contact_id,
    promises.made_on, promises.due_on, standing.last_day,
    case
        when promises.withdrawn_on <= $as_of then 'withdrawn'
        when not macros.can_be_kept(promises.amount, promises.made_on, promises.due_on) then 'not_judged'
        when coalesce(received.allocated, 0) >= cast($tolerance as decimal(9, 6)) * promises.amount then 'kept'
        when $as_of <= standing.last_day then 'pending'
        when received.allocated > 0 then 'partial'
        else 'broken'
    end as state,
    promises.amount as promised,
    cast(coalesce(received.allocated, 0) as decimal(18, 2)) as allocated,
    received.last_paid_on
from standing
inner join promises on standing.promise_id = promises.promise_id
inner join accounts on standing.account_key = accounts.account_key
left join received on standing.account_key = received.account_key and standing.nth = received.nth
