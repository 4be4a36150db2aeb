-- macro: handed_out(account_key, payment_id, paid_on, remaining, made_on, last_day, wanted)
-- meaning: how much of what a payment has left goes to a promise: at most what earlier payments leave of the promise, and only
--   where the payment lies in the promise's days, made_on to last_day
select
    cast(case
        when paid_on between made_on and last_day
            then least(remaining, greatest(0, wanted - coalesce(sum(
                case when paid_on between made_on and last_day then remaining end
            ) over (
                partition by account_key
                order by paid_on, payment_id
                rows between unbounded preceding and 1 preceding
            ), 0)))
        else 0
    end as decimal(18, 2)) as handed_out
