-- question: What share of the promises due in each week was kept?
-- grain: one row per currency and week that has promises due in the period
-- uses: promises/promises_due
-- columns:
--   currency text: ISO 4217 code
--   week date: the Monday of the week in which the promises fell due
--   n_promises integer: promises due in the week, withdrawn ones aside
--   n_matured integer: of these kept, partial or broken
--   n_kept integer: of these, kept
--   share_kept ratio: n_kept / n_matured; null where nothing has matured
--   share_kept_low ratio: lower Wilson 95 % limit
--   share_kept_high ratio: upper Wilson 95 % limit
--   share_amount ratio: what was paid to the matured promises, of each at most what it promised, over what they promised
--   is_complete boolean: whether no promise of the week is pending any more and its seven days lie in the period
-- notes: a week that is not complete reads high, because a promise kept early counts at once and one still pending does not;
--   it is not to be drawn. A promise kept keeps counting in the week it was due, whenever it was paid
with counted as (
    select
        currency,
        cast(date_trunc('week', due_on) as date) as week,
        count(*) filter (where state <> 'withdrawn') as n_promises,
        count(*) filter (where is_matured) as n_matured,
        count(*) filter (where state = 'kept') as n_kept,
        count(*) filter (where state = 'pending') as n_pending,
        coalesce(sum(promised) filter (where is_matured), 0) as promised,
        coalesce(sum(least(allocated, promised)) filter (where is_matured), 0) as honoured
    from promises_due
    group by currency, cast(date_trunc('week', due_on) as date)
),

shares as (
    select
        currency,
        week,
        n_promises,
        n_matured,
        n_kept,
        n_pending,
        nullif(cast(n_matured as double), 0) as n,
        cast(n_kept as double) / nullif(cast(n_matured as double), 0) as share_kept,
        cast(honoured as double) / nullif(cast(promised as double), 0) as share_amount,
        1.959964 * 1.959964 as z2
    from counted
)

select
    currency,
    week,
    n_promises,
    n_matured,
    n_kept,
    share_kept,
    (share_kept + z2 / (2 * n) - sqrt(z2 * (share_kept * (1 - share_kept) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) as share_kept_low,
    (share_kept + z2 / (2 * n) + sqrt(z2 * (share_kept * (1 - share_kept) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) as share_kept_high,
    share_amount,
    n_pending = 0
    and week >= $from_date
    and week + 6 <= $to_date
    and week + 6 + cast($grace_days as integer) < $as_of as is_complete
from shares
order by currency, week
