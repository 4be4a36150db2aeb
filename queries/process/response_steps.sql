-- question: Was what the debtor said (a promise, a dispute, hardship) recorded?
-- grain: one row per contact in which it was said
-- uses: process/contact_stages
-- params:
--   record_days integer = 2: days within which the record must be made; a dispute may also have been open already
--     range: 0 to 366
-- columns: rule_id, item_kind, item_id, currency, account_id, product, branch, team, stage, happened_on, verdict, missing,
--   detail
--   happened_on: the last day on which the record could be made
--   verdict: kept, breach or not_assessable
-- notes: promise_recorded: a promise of the account that names this contact or was made from its day on, within record_days.
--   dispute_recorded: a dispute opened at most record_days before or after it, or open already. hardship_recorded: a flag of
--   hardship that holds within record_days of it. It counts on the last of these days, and is not judged before
with given as (
    select table_name, bool_or(is_provided) as is_provided
    from column_presence
    group by table_name
),

said as (
    select
        contact_stages.*,
        contact_stages.response || '_recorded' as rule_id,
        case contact_stages.response
            when 'promise' then 'promises' when 'dispute' then 'disputes' else 'flags'
        end as kept_in
    from contact_stages
    where contact_stages.response in ('promise', 'dispute', 'hardship')
),

recorded as (
    select said.contact_id
    from said
    inner join promises on said.account_key = promises.account_key
    where
        said.response = 'promise'
        and promises.made_on <= said.local_date + cast($record_days as integer)
        and (
            said.contact_id = promises.contact_id
            or promises.made_on between said.local_date and said.local_date + cast($record_days as integer)
        )
    union all
    select said.contact_id
    from said
    inner join disputes on said.account_key = disputes.account_key
    where
        said.response = 'dispute'
        and said.local_date + cast($record_days as integer) >= disputes.opened_on
        and (
            said.local_date <= disputes.opened_on + cast($record_days as integer)
            or coalesce(cast(disputes.resolved_at as date), said.local_date) >= said.local_date
        )
    union all
    select said.contact_id
    from said
    inner join accounts on said.account_key = accounts.account_key
    inner join flags on accounts.debtor_key = flags.debtor_key
    where
        said.response = 'hardship'
        and flags.kind = 'hardship'
        and said.account_key = coalesce(flags.account_key, said.account_key)
        and said.local_date + cast($record_days as integer) >= flags.valid_from_on
        and said.local_date <= coalesce(flags.valid_to_on, said.local_date)
),

found as (
    select distinct contact_id
    from recorded
)

select
    said.rule_id,
    'contact' as item_kind,
    said.contact_id as item_id, said.currency, said.account_id, said.product, said.branch, said.team, said.stage,
    said.local_date + cast($record_days as integer) as happened_on,
    case
        when not coalesce(given.is_provided, true) then 'not_assessable'
        when found.contact_id is null then 'breach'
        else 'kept'
    end as verdict,
    case when not coalesce(given.is_provided, true) then said.kept_in end as missing,
    said.response as detail
from said
left join given on said.kept_in = given.table_name
left join found on said.contact_id = found.contact_id
where said.local_date + cast($record_days as integer) <= $as_of
