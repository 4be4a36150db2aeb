-- question: Which contacts does a rule judge, or may judge, and to which debt does each count?
-- grain: one row per contact and debt that the rule covers or may cover
-- for: rules
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
-- columns: contact_key, debt_key, account_key, contact_id, debtor_key, person_key, person_id, contact_point_key, thread_id,
--   creditor, firm, channel, outcome, style, purpose, role, place, caller_type, started_at, local_date, local_time,
--   local_isodow, is_judged, is_excepted
--   account_key: account_key of the account it is logged on
--   place text: as in contacts
--   local_time time: wall time in the debtor's zone
--   is_judged: whether the rule judges it; empty where a missing value leaves it open
-- notes: a value that is missing makes membership unknown, unless another named attribute already fails: SQL's three-valued
--   logic is meant. A contact about several debts is joined to them by contact_debts; one that was not answered counts to its own
--   debt alone
with covered as (
    select
        contacts.*,
        macros.is_wanted(contacts.channel, $channels)
        and macros.is_wanted(contacts.direction, $directions)
        and macros.is_wanted(nullif(contacts.outcome, 'unknown'), $outcomes)
        and macros.is_wanted(contacts.style, $styles)
        and macros.is_wanted(contacts.purpose, $purposes)
        and macros.is_wanted(contacts.role, $roles)
        and macros.is_wanted(contacts.place, $places)
        and macros.is_wanted(contacts.caller_type, $callers) as is_judged,
        ($except_outcomes <> '' and macros.is_listed(nullif(contacts.outcome, 'unknown'), $except_outcomes))
        or ($except_purposes <> '' and macros.is_listed(contacts.purpose, $except_purposes))
        or ($except_roles <> '' and macros.is_listed(contacts.role, $except_roles)) as is_excepted
    from contacts
    where
        macros.local_day(contacts.local_date, contacts.started_at) between $valid_from and $valid_to
        and (
            $country = ''
            or coalesce(contacts.countries like '%|' || $country || '|%', false)
            or macros.is_listed(contacts.currency, $currencies)
        )
        and macros.is_wanted(lower(contacts.region), $regions)
        and (not $agencies_only or contacts.firm is not null)
        and macros.is_wanted(contacts.product, $products)
        and macros.is_wanted(contacts.debt_type, $debt_types)
),

relevant as (
    select * from covered
    where coalesce(is_judged, true)
),

told as (
    select relevant.contact_key, contact_debts.account_key
    from relevant
    inner join contact_debts on relevant.contact_key = contact_debts.contact_key
    where
        macros.is_listed('debt', $scope)
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
    relevant.account_key, relevant.contact_id, relevant.debtor_key, relevant.person_key, relevant.person_id,
    relevant.contact_point_key, relevant.thread_id, relevant.creditor, relevant.firm, relevant.channel,
    relevant.outcome, relevant.style, relevant.purpose, relevant.role, relevant.place, relevant.caller_type,
    relevant.started_at, relevant.local_date, relevant.local_time, relevant.local_isodow, relevant.is_judged,
    relevant.is_excepted
from relevant
left join told on relevant.contact_key = told.contact_key
