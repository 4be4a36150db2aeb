-- question: Which payment of a settled account went to which promise, and how much of it?
-- grain: one row per promise and payment of an account in promise_settled, where something was allocated
-- params:
--   grace_days integer = 1: days after the due date on which a payment still counts
--     range: 0 to 60
-- columns: account_key, promise_id, payment_id, paid_on, amount
--   promise_id: the promise that the money went to
--   amount: how much of the payment went to the promise
-- notes: the rule is promises/promise_ledger's. The sum of what was paid by a day is the ledger's allocation on that day
with recursive standing as (
    select
        promises.account_key, promises.promise_id, promises.made_on,
        promises.due_on + cast($grace_days as integer) as last_day,
        case
            when macros.can_be_kept(promises.amount, promises.made_on, promises.due_on) then promises.amount
            else cast(0 as decimal(18, 2))
        end as wanted,
        row_number() over (partition by promises.account_key order by promises.made_at, promises.promise_id) as nth
    from promises
    inner join promise_settled on promises.account_key = promise_settled.account_key
    where promise_settled.grace_days = $grace_days
),

spans as (
    select account_key, min(made_on) as first_day, max(last_day) as last_day
    from standing
    group by account_key
),

-- one round per promise of an account: round n hands the money that rounds before it left to promise n
rounds as (
    select
        payments.account_key, payments.payment_id, payments.paid_on,
        cast(0 as bigint) as nth, payments.amount as remaining,
        cast(0 as decimal(18, 2)) as taken
    from payments
    inner join spans on payments.account_key = spans.account_key
    where payments.amount > 0 and payments.paid_on between spans.first_day and spans.last_day

    union all

    select account_key, payment_id, paid_on, nth, cast(remaining - taken as decimal(18, 2)) as remaining, taken
    from (
        select
            rounds.account_key, rounds.payment_id, rounds.paid_on, standing.nth, rounds.remaining,
            macros.handed_out(
                rounds.account_key, rounds.payment_id, rounds.paid_on, rounds.remaining,
                standing.made_on, standing.last_day, standing.wanted
            ) as taken
        from rounds
        inner join standing on rounds.account_key = standing.account_key and rounds.nth + 1 = standing.nth
        where rounds.remaining > 0
    ) as handed_out
)

select rounds.account_key, standing.promise_id, rounds.payment_id, rounds.paid_on, rounds.taken as amount
from rounds
inner join standing on rounds.account_key = standing.account_key and rounds.nth = standing.nth
where rounds.taken > 0
order by rounds.account_key, standing.promise_id, rounds.paid_on, rounds.payment_id
