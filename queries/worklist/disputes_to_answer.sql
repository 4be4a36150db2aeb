-- question: Which open disputes are past the day on which they were to be answered or acknowledged?
-- grain: one row per open dispute and what is late about it
-- params:
--   as_of date: nothing after this day is used
--   ack_days integer = 1: days within which a dispute is to be acknowledged
--     range: 0 to 366
--   answer_days integer = 30: days within which it is to be answered
--     range: 0 to 366
-- columns: currency, todo, account_id, product, branch, item_id, days_past_due, balance, opened_on, due_on, days_late
--   todo: dispute_late or dispute_unacknowledged
--   item_id: the lender's number for the dispute
--   days_past_due: of the account on the day; empty without a snapshot
--   balance: outstanding balance; empty without a snapshot
--   due_on: last day for it
-- notes: answers count as acknowledgements. A dispute of an account that is paid off is still to be answered. Nothing is listed
--   where the source gives no acknowledged_at, or no resolved_at: what is open is then not known
with given as (
    select
        coalesce(bool_or(is_provided) filter (where column_name = 'acknowledged_at'), true) as knows_acknowledged,
        coalesce(bool_or(is_provided) filter (where column_name = 'resolved_at'), true) as knows_resolved
    from column_presence
    where table_name = 'disputes'
),

open_disputes as (
    select
        account_key, dispute_id, opened_on,
        coalesce(cast(acknowledged_at as date) <= $as_of, false) as is_acknowledged
    from disputes
    where opened_on <= $as_of and (resolved_at is null or cast(resolved_at as date) > $as_of)
),

late as (
    select open_disputes.*, 'dispute_late' as todo, open_disputes.opened_on + cast($answer_days as integer) as due_on
    from open_disputes
    cross join given
    where given.knows_resolved

    union all

    select
        open_disputes.*,
        'dispute_unacknowledged' as todo,
        open_disputes.opened_on + cast($ack_days as integer) as due_on
    from open_disputes
    cross join given
    where given.knows_resolved and given.knows_acknowledged and not open_disputes.is_acknowledged
)

select
    accounts.currency, late.todo, accounts.account_id, accounts.product, accounts.branch, late.dispute_id as item_id,
    snapshots.days_past_due, snapshots.balance, late.opened_on, late.due_on,
    date_diff('day', late.due_on, cast($as_of as date)) as days_late
from late
inner join accounts on late.account_key = accounts.account_key
left join snapshots on late.account_key = snapshots.account_key and snapshots.as_of = $as_of
where late.due_on < $as_of
order by late.todo, late.due_on, late.dispute_id
