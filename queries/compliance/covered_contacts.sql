-- question: Which contacts does a rule judge, or may judge, and to which debt does each count?
-- grain: one row per contact and debt that the rule covers or may cover
-- params:
--   country text: ISO 3166 country whose law it is; empty for everyone
--   currencies text: currencies of that country, separated by commas
--   regions text: regions the rule is limited to, small letters, separated by commas; empty for all
--   agencies_only boolean: judge contacts made by agencies only
--   products text: products the rule is limited to; empty for all
--   debt_types text: kinds of debt the rule is limited to; empty for all
--   valid_from date: first local day of this version of the rule
--   valid_to date: its last local day, included
--   channels text: channels judged, separated by commas; empty for all (likewise below)
--   directions text: directions judged
--   outcomes text: outcomes judged
--   styles text: styles judged
--   purposes text: purposes judged
--   roles text: roles judged
--   places text: places judged
--   callers text: caller types judged
--   except_outcomes text: outcomes that are exempt
--   except_purposes text: purposes that are exempt
--   except_roles text: roles that are exempt
--   scope text: what counts together: lender, agency, person, debtor, debt, contact_point
--   multi_debt text: the debts of a contact about several: own, opened, discussed, each
-- columns:
--   contact_key integer: the contact
--   debt_key integer: account_key of the debt it counts to
--   account_key integer: account_key of the account it is logged on
--   contact_id text: the log's number
--   debtor_key integer: the debtor
--   person_key integer: who was contacted
--   person_id text: who was contacted, where the log says
--   contact_point_key integer: telephone number or address
--   thread_id text: thread it belongs to
--   creditor text: whose debt it is
--   firm text: agency that made it
--   channel text: as in contacts
--   outcome text: as in contacts
--   style text: as in contacts
--   purpose text: as in contacts
--   role text: role of who was contacted; empty where unknown
--   place text: as in contacts
--   caller_type text: as in contacts
--   started_at instant: when (UTC)
--   local_date date: day in the debtor's zone
--   local_time time: wall time in the debtor's zone
--   local_isodow integer: weekday, Monday 1
--   is_judged boolean: whether the rule judges it; empty where a missing value leaves it open
--   is_excepted boolean: whether it is exempt by outcome, purpose or role; empty where a missing value leaves it open
-- notes: a value that is missing makes membership unknown, unless another named attribute already fails: SQL's three-valued
--   logic is meant. A contact about several debts is joined to them by contact_debts; one that was not answered counts to its own
--   debt alone
with covered as (
    select
        contacts.*,
        ($channels = '' or list_contains(string_split($channels, ','), contacts.channel))
        and ($directions = '' or list_contains(string_split($directions, ','), contacts.direction))
        and ($outcomes = '' or list_contains(string_split($outcomes, ','), nullif(contacts.outcome, 'unknown')))
        and ($styles = '' or list_contains(string_split($styles, ','), contacts.style))
        and ($purposes = '' or list_contains(string_split($purposes, ','), contacts.purpose))
        and ($roles = '' or list_contains(string_split($roles, ','), contacts.role))
        and ($places = '' or list_contains(string_split($places, ','), contacts.place))
        and ($callers = '' or list_contains(string_split($callers, ','), contacts.caller_type)) as is_judged,
        ($except_outcomes <> '' and list_contains(string_split($except_outcomes, ','), nullif(contacts.outcome, 'unknown')))
        or ($except_purposes <> '' and list_contains(string_split($except_purposes, ','), contacts.purpose))
        or ($except_roles <> '' and list_contains(string_split($except_roles, ','), contacts.role)) as is_excepted
    from contacts
    where
        coalesce(contacts.local_date, cast(contacts.started_at as date)) between $valid_from and $valid_to
        and (
            $country = ''
            or coalesce(contacts.countries like '%|' || $country || '|%', false)
            or list_contains(string_split($currencies, ','), contacts.currency)
        )
        and ($regions = '' or list_contains(string_split($regions, ','), lower(contacts.region)))
        and (not $agencies_only or contacts.firm is not null)
        and ($products = '' or list_contains(string_split($products, ','), contacts.product))
        and ($debt_types = '' or list_contains(string_split($debt_types, ','), contacts.debt_type))
),

relevant as (
    select * from covered
    where coalesce(is_judged, true)
),

told as (
    select
        relevant.contact_key,
        contact_debts.account_key
    from relevant
    inner join contact_debts on relevant.contact_key = contact_debts.contact_key
    where
        list_contains(string_split($scope, ','), 'debt')
        and relevant.outcome not in ('no_answer', 'voicemail_no_message', 'not_connected', 'undelivered')
        and (
            $multi_debt = 'each'
            or ($multi_debt in ('opened', 'discussed') and contact_debts.opened_by_collector)
            or ($multi_debt = 'discussed' and contact_debts.discussed)
        )
)

select
    relevant.contact_key,
    coalesce(told.account_key, relevant.account_key) as debt_key,
    relevant.account_key,
    relevant.contact_id,
    relevant.debtor_key,
    relevant.person_key,
    relevant.person_id,
    relevant.contact_point_key,
    relevant.thread_id,
    relevant.creditor,
    relevant.firm,
    relevant.channel,
    relevant.outcome,
    relevant.style,
    relevant.purpose,
    relevant.role,
    relevant.place,
    relevant.caller_type,
    relevant.started_at,
    relevant.local_date,
    relevant.local_time,
    relevant.local_isodow,
    relevant.is_judged,
    relevant.is_excepted
from relevant
left join told on relevant.contact_key = told.contact_key
