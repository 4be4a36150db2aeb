-- question: Which contacts does a rule judge, to which debt do they count, and which are exempt or cannot be judged?
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
--   drop_misdirected boolean: contacts to a number answered as wrong are not contacts of this person
--   collapse_threads boolean: contacts of one thread count once
--   consent_flag text: kind of flag that exempts while it lasts
--   consent_days integer: dates it lasts at most, its first included; 0 for no limit
--   consent_ends_on_conversation boolean: a later conversation about the debt ends it
--   agreed_flag text: kind of flag by which an agreement takes the place of the limit
--   known_then boolean: judge by what was known at the time, not by what is known now
-- columns:
--   contact_key integer: the contact
--   debt_key integer: account_key of the debt it counts to
--   contact_id text: the log's number
--   debtor_key integer: the debtor
--   person_id text: who was contacted, where the log says
--   channel text: as in contacts
--   started_at instant: when (UTC)
--   local_date date: day in the debtor's zone
--   local_time time: wall time in the debtor's zone
--   local_isodow integer: weekday, Monday 1
--   role text: role of who was contacted; empty where unknown
--   purpose text: as in contacts
--   scope_lender text: creditor, where the scope has lender; empty where not
--   scope_agency text: agency that made it, where the scope has agency
--   scope_person integer: person, where the scope has person; 0 where not
--   scope_debtor integer: debtor, where the scope has debtor
--   scope_debt integer: debt, where the scope has debt
--   scope_point integer: telephone number or address, where the scope has contact_point
--   missing text: column without which the contact cannot be judged
--   exempt_reason text: why it neither counts nor breaches
--   exempt_detail text: the flag, thread or value behind it
-- notes: a value that is missing makes membership unknown, unless another named attribute already fails: SQL's three-valued
--   logic is meant. A contact about several debts is joined to them by contact_debts; one that was not answered counts to its own
--   debt alone. Consent given on one day is not ended by a conversation of that same day
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
),

with_debt as (
    select
        relevant.*,
        coalesce(told.account_key, relevant.account_key) as debt_key
    from relevant
    left join told on relevant.contact_key = told.contact_key
),

flagged as (
    select
        with_debt.contact_key,
        with_debt.debt_key,
        with_debt.account_key,
        with_debt.contact_id,
        with_debt.started_at,
        flags.flag_id,
        flags.kind,
        flags.valid_from,
        flags.valid_from_on
    from with_debt
    inner join flags on with_debt.debtor_key = flags.debtor_key
    where
        flags.kind in ($consent_flag, $agreed_flag)
        and (flags.account_key is null or flags.account_key = with_debt.debt_key)
        and (flags.person_id is null or flags.person_id = with_debt.person_id or with_debt.person_id is null)
        and flags.valid_from <= with_debt.started_at
        and (flags.valid_to is null or with_debt.started_at < flags.valid_to)
        and (
            flags.kind = $agreed_flag or $consent_days = 0
            or date_diff('day', flags.valid_from_on, with_debt.local_date) < $consent_days
        )
        and (not $known_then or coalesce(flags.known_from, flags.valid_from) <= with_debt.started_at)
),

spent as (
    select distinct
        flagged.contact_key,
        flagged.debt_key,
        flagged.flag_id
    from flagged
    inner join contacts on flagged.debt_key = contacts.account_key
    where
        $consent_ends_on_conversation
        and flagged.kind = $consent_flag
        and contacts.channel = 'call'
        and contacts.outcome = 'conversation'
        and contacts.started_at > flagged.valid_from
        and contacts.local_date > flagged.valid_from_on
        and (contacts.started_at, contacts.contact_id) < (flagged.started_at, flagged.contact_id)
),

agreements as (
    select
        flagged.contact_key,
        flagged.debt_key,
        max(case when flagged.kind = $agreed_flag then flagged.flag_id end) as agreed_by,
        max(case when flagged.kind = $consent_flag and spent.flag_id is null then flagged.flag_id end) as consented_by
    from flagged
    left join spent
        on
            flagged.contact_key = spent.contact_key
            and flagged.debt_key = spent.debt_key
            and flagged.flag_id = spent.flag_id
    group by flagged.contact_key, flagged.debt_key
),

wrong_points as (
    select
        contacts.debtor_key,
        contacts.contact_point_key,
        min(contacts.started_at) as learned_at
    from contacts
    where $drop_misdirected and contacts.outcome = 'wrong_number' and contacts.contact_point_key is not null
    group by contacts.debtor_key, contacts.contact_point_key
),

weighed as (
    select
        with_debt.*,
        agreements.agreed_by,
        agreements.consented_by,
        case when list_contains(string_split($scope, ','), 'lender') then coalesce(with_debt.creditor, '') else '' end
            as scope_lender,
        case when list_contains(string_split($scope, ','), 'agency') then coalesce(with_debt.firm, '') else '' end
            as scope_agency,
        case when list_contains(string_split($scope, ','), 'person') then with_debt.person_key else 0 end as scope_person,
        case when list_contains(string_split($scope, ','), 'debtor') then with_debt.debtor_key else 0 end as scope_debtor,
        case when list_contains(string_split($scope, ','), 'debt') then with_debt.debt_key else 0 end as scope_debt,
        case when list_contains(string_split($scope, ','), 'contact_point') then with_debt.contact_point_key else 0 end
            as scope_point,
        wrong_points.learned_at is not null
        and (not $known_then or with_debt.started_at > wrong_points.learned_at) as is_misdirected,
        case
            when $outcomes || $except_outcomes <> '' and nullif(with_debt.outcome, 'unknown') is null then 'outcome'
            when $styles <> '' and with_debt.style is null then 'style'
            when $purposes || $except_purposes <> '' and with_debt.purpose is null then 'purpose'
            when $roles || $except_roles <> '' and with_debt.role is null then 'party_role'
            when $places <> '' and with_debt.place is null then 'place'
            when $callers <> '' and with_debt.caller_type is null then 'caller_type'
        end as missing_attribute
    from with_debt
    left join agreements
        on with_debt.contact_key = agreements.contact_key and with_debt.debt_key = agreements.debt_key
    left join wrong_points
        on with_debt.debtor_key = wrong_points.debtor_key and with_debt.contact_point_key = wrong_points.contact_point_key
),

reasoned as (
    select
        *,
        case
            when is_judged and is_excepted then
                case
                    when coalesce(list_contains(string_split($except_outcomes, ','), outcome), false) then 'excepted_outcome'
                    when coalesce(list_contains(string_split($except_purposes, ','), purpose), false) then 'excepted_purpose'
                    else 'excepted_role'
                end
            when is_misdirected then 'misdirected'
            when consented_by is not null then 'consent'
            when agreed_by is not null then 'agreed_frequency'
        end as first_reason,
        case
            when is_judged is null or is_excepted is null then missing_attribute
            when scope_point is null then 'contact_point'
        end as first_missing
    from weighed
),

threaded as (
    select
        *,
        row_number() over (
            partition by
                scope_lender, scope_agency, scope_person, scope_debtor, scope_debt, scope_point, thread_id,
                first_reason is null and first_missing is null
            order by started_at, contact_id
        ) as place_in_thread
    from reasoned
    where $collapse_threads and thread_id is not null
)

select
    reasoned.contact_key,
    reasoned.debt_key,
    reasoned.contact_id,
    reasoned.debtor_key,
    reasoned.person_id,
    reasoned.channel,
    reasoned.started_at,
    reasoned.local_date,
    reasoned.local_time,
    reasoned.local_isodow,
    reasoned.role,
    reasoned.purpose,
    reasoned.scope_lender,
    reasoned.scope_agency,
    reasoned.scope_person,
    reasoned.scope_debtor,
    reasoned.scope_debt,
    reasoned.scope_point,
    case when reasoned.first_reason is null then reasoned.first_missing end as missing,
    coalesce(
        reasoned.first_reason,
        case when reasoned.first_missing is null and threaded.place_in_thread > 1 then 'same_thread' end
    ) as exempt_reason,
    case
        when reasoned.first_reason = 'consent' then reasoned.consented_by
        when reasoned.first_reason = 'agreed_frequency' then reasoned.agreed_by
        when reasoned.first_reason = 'excepted_outcome' then reasoned.outcome
        when reasoned.first_reason = 'excepted_purpose' then reasoned.purpose
        when reasoned.first_reason = 'excepted_role' then reasoned.role
        when reasoned.first_reason is null and reasoned.first_missing is null and threaded.place_in_thread > 1
            then reasoned.thread_id
    end as exempt_detail
from reasoned
left join threaded on reasoned.contact_key = threaded.contact_key and reasoned.debt_key = threaded.debt_key
