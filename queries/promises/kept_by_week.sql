-- question: What share of the promises due in each week was kept?
-- grain: one row per currency and week that has promises due in the period
-- uses: promises/promises_due
-- columns: currency, week, n_promises, n_matured, n_kept, share_kept, share_kept_low, share_kept_high, share_amount,
--   is_complete
--   week: the Monday of the week in which the promises fell due
--   n_promises: promises due in the week, those withdrawn or not judged aside
--   share_kept: n_kept / n_matured; null where nothing has matured
--   share_amount: what was paid to the matured promises, of each at most what it promised, over what they promised
--   is_complete: whether no promise of the week is pending any more and its seven days lie in the period
-- notes: a week that is not complete reads high, because a promise kept early counts at once and one still pending does not;
--   it is not to be drawn. A promise kept keeps counting in the week it was due, whenever it was paid
with counted as (
    select
        currency,
        cast(date_trunc('week', due_on) as date) as week,
        count(*) filter (where state not in ('withdrawn', 'not_judged')) as n_promises,
        count(*) filter (where is_matured) as n_matured,
        count(*) filter (where state = 'kept') as n_kept,
        count(*) filter (where state = 'pending') as n_pending,
        coalesce(sum(promised) filter (where is_matured), 0) as promised,
        coalesce(sum(least(allocated, promised)) filter (where is_matured), 0) as honoured
    from promises_due
    group by currency, cast(date_trunc('week', due_on) as date)
)

select
    currency, week, n_promises, n_matured, n_kept,
    macros.ratio(n_kept, n_matured) as share_kept,
    macros.wilson_low(n_kept, n_matured) as share_kept_low,
    macros.wilson_high(n_kept, n_matured) as share_kept_high,
    macros.ratio(honoured, promised) as share_amount,
    n_pending = 0
    and week >= $from_date
    and week + 6 <= $to_date
    and week + 6 + cast($grace_days as integer) < $as_of as is_complete
from counted
order by currency, week
