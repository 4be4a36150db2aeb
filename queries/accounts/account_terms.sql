-- question: Which standing instructions, disputes and assignments held for one account, and from when to when?
-- grain: one row per flag, dispute or assignment that had begun and was known by as_of
-- params:
--   account_id text: the lender's number
--     open: the lender's own numbers; one that nothing has gives no rows
--   as_of date: the day; what became known later is left out
-- columns: happened_on, until_on, event, subject, outcome, who, detail, item_id
--   happened_on: local day from which it holds
--   event: flag, dispute or assignment
--   subject: kind of flag, what is disputed, or team
--   outcome: open, upheld, not_upheld or answered of a dispute; empty otherwise
--   who: collector of an assignment
--   detail: particulars of a flag; arm of a test
--   item_id: the source's number
-- notes: a flag of the debtor that names no account holds for each of the debtor's accounts
with chosen as (
    select *
    from accounts
    where account_id = $account_id
),

terms as (
    select
        flags.valid_from_on as happened_on, flags.valid_to_on as until_on,
        'flag' as event,
        flags.kind as subject, cast(null as varchar) as outcome, cast(null as varchar) as who,
        flags.detail, flags.flag_id as item_id
    from flags
    inner join chosen on flags.debtor_key = chosen.debtor_key
    where
        (flags.account_key is null or flags.account_key = chosen.account_key)
        and (flags.known_from is null or cast(flags.known_from as date) <= $as_of)

    union all

    select
        disputes.opened_on as happened_on,
        cast(disputes.resolved_at as date) as until_on,
        'dispute' as event,
        disputes.reason as subject,
        case
            when disputes.resolved_at is null or cast(disputes.resolved_at as date) > $as_of then 'open'
            when disputes.upheld then 'upheld'
            when not disputes.upheld then 'not_upheld'
            else 'answered'
        end as outcome,
        cast(null as varchar) as who, cast(null as varchar) as detail, disputes.dispute_id as item_id
    from disputes
    inner join chosen on disputes.account_key = chosen.account_key

    union all

    select
        assignments.assigned_on as happened_on, assignments.ended_on as until_on,
        'assignment' as event,
        collectors.team as subject, cast(null as varchar) as outcome,
        assignments.collector_id as who, assignments.arm as detail, assignments.collector_id as item_id
    from assignments
    inner join chosen on assignments.account_key = chosen.account_key
    left join collectors on assignments.collector_id = collectors.collector_id
)

select
    happened_on,
    case when until_on <= $as_of then until_on end as until_on,
    event, subject, outcome, who, detail, item_id
from terms
where happened_on <= $as_of
order by happened_on, event, item_id
