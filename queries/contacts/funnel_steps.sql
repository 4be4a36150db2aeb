-- question: How many outbound contacts of one bucket and channel got how far?
-- grain: one row per step: attempts, connected, right_party, promises, kept
-- uses: contacts/attempts, contacts/contact_promises
-- params:
--   bucket text = all: the account's bucket then
--     one of: buckets, paid_off, written_off, unknown, all
--   channel text = all: by what means
--     one of: contacts.channel, all
-- columns: step, step_no, n, n_undecided, share_of_before, share_of_attempts
-- notes: the counts are funnel's, added up
with promised as (
    select
        contact_id,
        count(*) as n_promises,
        count(*) filter (where is_kept) as n_kept,
        count(*) filter (where is_pending) as n_pending
    from contact_promises
    group by contact_id
),

linked as (
    select count(contact_id) > 0 as has_links
    from promises
),

counted as (
    select
        count(*) as n_attempts,
        count(*) filter (where attempts.is_connected) as n_connected,
        count(*) filter (where attempts.is_right_party) as n_right_party,
        count(*) filter (where attempts.is_right_party is null) as n_unknown,
        cast(coalesce(sum(promised.n_promises), 0) as bigint) as n_promises,
        cast(coalesce(sum(promised.n_kept), 0) as bigint) as n_kept,
        cast(coalesce(sum(promised.n_pending), 0) as bigint) as n_pending
    from attempts
    left join promised on attempts.contact_id = promised.contact_id
    where ($bucket = 'all' or attempts.bucket = $bucket) and ($channel = 'all' or attempts.channel = $channel)
),

steps as (
    select 'attempts' as step, 1 as step_no, n_attempts as n, 0 as n_undecided
    from counted

    union all

    select 'connected' as step, 2 as step_no, n_connected as n, 0 as n_undecided
    from counted

    union all

    select
        'right_party' as step,
        3 as step_no,
        case when n_unknown = 0 or n_right_party > 0 then n_right_party end as n,
        n_unknown as n_undecided
    from counted

    union all

    select
        'promises' as step,
        4 as step_no,
        case when linked.has_links then counted.n_promises end as n,
        0 as n_undecided
    from counted
    cross join linked

    union all

    select
        'kept' as step,
        5 as step_no,
        case when linked.has_links then counted.n_kept end as n,
        counted.n_pending as n_undecided
    from counted
    cross join linked
)

select
    steps.step, steps.step_no, steps.n,
    cast(steps.n_undecided as bigint) as n_undecided,
    case
        when steps.step <> 'kept' or steps.n_undecided = 0
            then macros.ratio(steps.n, lag(steps.n) over (order by steps.step_no))
    end as share_of_before,
    case
        when steps.step <> 'kept' or steps.n_undecided = 0
            then macros.ratio(steps.n, counted.n_attempts)
    end as share_of_attempts
from steps
cross join counted
order by steps.step_no
