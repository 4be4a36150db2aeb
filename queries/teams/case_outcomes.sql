-- question: What came of each account within so many days of its assignment?
-- grain: one row per assignment of the period that is old enough to be judged
-- uses: teams/cases, contacts/reached, promises/promise_ledger
-- params:
--   within_days integer = 30: days from assignment on in which something counts
--     range: 0 to 3660
-- columns: currency, account_id, product, branch, collector_id, team, assigned_on, arm, bucket, days_band, balance_band,
--   risk_grade, is_reached, is_kept, is_cured, collected
--   collector_id: who was given it
--   bucket: at assignment
--   is_kept: a promise made since was kept, its last payment within the days; null where the book has no promises
--   is_cured: the arrears were cleared; null where the account was not known to be overdue and collectible at assignment
--   collected: payments less reversals while it was assigned, within the days
-- notes: every assignment counts, also one that ended earlier: what the account did afterwards within the days counts for whoever
--   was given it. as_of is to be to_date: the promises are judged on that day
with spoken as (
    select cases.account_id, cases.collector_id, cases.assigned_on
    from cases
    inner join reached on cases.account_key = reached.account_key
    where
        reached.is_right_party
        and reached.contacted_on between cases.assigned_on and cases.assigned_on + cast($within_days as integer)
    group by cases.account_id, cases.collector_id, cases.assigned_on
),

kept as (
    select cases.account_id, cases.collector_id, cases.assigned_on
    from cases
    inner join promise_ledger on cases.account_id = promise_ledger.account_id
    where
        promise_ledger.state = 'kept'
        and promise_ledger.made_on >= cases.assigned_on
        and promise_ledger.last_paid_on <= cases.assigned_on + cast($within_days as integer)
    group by cases.account_id, cases.collector_id, cases.assigned_on
),

paid as (
    select cases.account_id, cases.collector_id, cases.assigned_on, sum(payments.net_amount) as collected
    from cases
    inner join payments on cases.account_key = payments.account_key
    where
        payments.paid_on between cases.assigned_on and cases.assigned_on + cast($within_days as integer)
        and (cases.ended_on is null or payments.paid_on <= cases.ended_on)
    group by cases.account_id, cases.collector_id, cases.assigned_on
),

logged as (
    select count(*) > 0 as has_promises
    from promises
)

select
    cases.currency, cases.account_id, cases.product, cases.branch, cases.collector_id, cases.team, cases.assigned_on,
    cases.arm, cases.bucket, cases.days_band, cases.balance_band, cases.risk_grade,
    spoken.account_id is not null as is_reached,
    case when logged.has_promises then kept.account_id is not null end as is_kept,
    case
        when cases.days_past_due > 0 and cases.bucket <> 'written_off'
            then coalesce(cases.cured_on <= cases.assigned_on + cast($within_days as integer), false)
    end as is_cured,
    cast(coalesce(paid.collected, 0) as decimal(18, 2)) as collected
from cases
cross join logged
left join spoken
    on
        cases.account_id = spoken.account_id
        and cases.collector_id = spoken.collector_id
        and cases.assigned_on = spoken.assigned_on
left join kept
    on
        cases.account_id = kept.account_id
        and cases.collector_id = kept.collector_id
        and cases.assigned_on = kept.assigned_on
left join paid
    on
        cases.account_id = paid.account_id
        and cases.collector_id = paid.collector_id
        and cases.assigned_on = paid.assigned_on
