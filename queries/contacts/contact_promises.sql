-- question: Which promises were made in a contact, and was each kept by the end of the period?
-- grain: one row per promise that names its contact and was made on or before to_date
-- params:
--   to_date date: the day of judgement
--   grace_days integer = 1: days after the due date on which a payment still counts
--   tolerance ratio = 1.0: share of the promised amount that is enough
-- columns:
--   contact_id text: the contact it was made in
--   promise_id text: the log's number for the promise
--   is_kept boolean: whether its state at to_date is kept
--   is_pending boolean: whether its state at to_date is pending
-- notes: the allocation is promises/promise_ledger's, judged at to_date; a test holds the two equal
with recursive standing as (
    select
        account_key,
        promise_id,
        made_on,
        due_on + cast($grace_days as integer) as last_day,
        case when withdrawn_on <= $to_date then cast(0 as decimal(18, 2)) else amount end as wanted,
        row_number() over (partition by account_key order by made_at, promise_id) as nth,
        account_key in (
            select promise_settled.account_key from promise_settled
            where promise_settled.grace_days = $grace_days
        ) as is_settled
    from promises
    where made_on <= $to_date
),

unsettled as (
    select *
    from standing
    where not is_settled
),

reversals as (
    select
        account_key,
        reverses_payment_id,
        sum(abs(amount)) as amount
    from payments
    where reverses_payment_id is not null and paid_on <= $to_date
    group by account_key, reverses_payment_id
),

money as (
    select
        payments.account_key,
        payments.payment_id,
        payments.paid_on,
        cast(payments.amount - coalesce(reversals.amount, 0) as decimal(18, 2)) as amount
    from payments
    left join reversals
        on payments.account_key = reversals.account_key and payments.payment_id = reversals.reverses_payment_id
    where
        payments.reverses_payment_id is null
        and payments.paid_on <= $to_date
        and payments.account_key in (select unsettled.account_key from unsettled)
),

-- accounts that promise_settled holds are read from promise_payments below; for the others one round per promise: round n hands
-- the money that rounds before it left to promise n
rounds as (
    select
        account_key,
        payment_id,
        paid_on,
        cast(0 as bigint) as nth,
        amount as remaining,
        cast(0 as decimal(18, 2)) as taken
    from money
    where amount > 0

    union all

    select
        account_key,
        payment_id,
        paid_on,
        nth,
        cast(remaining - taken as decimal(18, 2)) as remaining,
        taken
    from (
        select
            rounds.account_key,
            rounds.payment_id,
            rounds.paid_on,
            unsettled.nth,
            rounds.remaining,
            cast(case
                when rounds.paid_on between unsettled.made_on and unsettled.last_day
                    then least(rounds.remaining, greatest(0, unsettled.wanted - coalesce(sum(
                        case when rounds.paid_on between unsettled.made_on and unsettled.last_day then rounds.remaining end
                    ) over (
                        partition by rounds.account_key
                        order by rounds.paid_on, rounds.payment_id
                        rows between unbounded preceding and 1 preceding
                    ), 0)))
                else 0
            end as decimal(18, 2)) as taken
        from rounds
        inner join unsettled on rounds.account_key = unsettled.account_key and rounds.nth + 1 = unsettled.nth
    ) as handed_out
),

received as (
    select
        account_key,
        nth,
        sum(taken) as allocated
    from rounds
    where taken > 0
    group by account_key, nth

    union all

    select
        standing.account_key,
        standing.nth,
        sum(promise_payments.amount) as allocated
    from promise_payments
    inner join standing on promise_payments.promise_id = standing.promise_id
    where standing.is_settled and promise_payments.paid_on <= $to_date
    group by standing.account_key, standing.nth
)

select
    promises.contact_id,
    promises.promise_id,
    coalesce(promises.withdrawn_on > $to_date, true)
    and coalesce(received.allocated, 0) >= cast($tolerance as decimal(9, 6)) * promises.amount as is_kept,
    coalesce(promises.withdrawn_on > $to_date, true)
    and coalesce(received.allocated, 0) < cast($tolerance as decimal(9, 6)) * promises.amount
    and $to_date <= standing.last_day as is_pending
from standing
inner join promises on standing.promise_id = promises.promise_id
left join received on standing.account_key = received.account_key and standing.nth = received.nth
where promises.contact_id is not null
