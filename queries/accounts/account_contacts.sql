-- question: By what means, when and with what outcome was there contact about one account?
-- grain: one row per contact or attempt, in either direction; one about several debts is there for each of them
-- params:
--   account_id text: the lender's number
--     open: the lender's own numbers; one that nothing has gives no rows
--   as_of date: the last day
-- columns: happened_on, happened_at, event, subject, outcome, direction, purpose, role, detail, who, item_id, n_breach,
--   n_unknown
--   happened_on: day in the debtor's zone; that of UTC where the zone is not known
--   event: contact
--   subject: channel
--   outcome: what came of it
--   purpose: what for
--   detail: what the debtor answered; empty for nothing
--   item_id: the log's number for the contact
--   n_breach: rules it broke, counted to this account
--   n_unknown: rules that cannot judge it
with touched as (
    select contacts.contact_key, accounts.account_key
    from accounts
    inner join contacts on accounts.account_key = contacts.account_key
    where accounts.account_id = $account_id

    union

    select contact_debts.contact_key, accounts.account_key
    from accounts
    inner join contact_debts on accounts.account_key = contact_debts.account_key
    where accounts.account_id = $account_id
),

judged as (
    select
        findings.contact_key,
        count(case when findings.verdict = 'breach' then 1 end) as n_breach,
        count(case when findings.verdict = 'unknown' then 1 end) as n_unknown
    from findings
    where findings.account_id = $account_id
    group by findings.contact_key
)

select
    macros.local_day(contacts.local_date, contacts.started_at) as happened_on,
    cast(contacts.local_time as varchar) as happened_at,
    'contact' as event,
    contacts.channel as subject, contacts.outcome, contacts.direction, contacts.purpose, contacts.role,
    nullif(contacts.response, 'none') as detail,
    coalesce(contacts.collector_id, contacts.agency_id) as who,
    contacts.contact_id as item_id,
    coalesce(judged.n_breach, 0) as n_breach,
    coalesce(judged.n_unknown, 0) as n_unknown
from touched
inner join contacts on touched.contact_key = contacts.contact_key
left join judged on touched.contact_key = judged.contact_key
where macros.local_day(contacts.local_date, contacts.started_at) <= $as_of
order by happened_on, happened_at nulls first, item_id
