-- question: Which contacts does a rule judge, or may judge, and to which debt does each count?
-- grain: one row per contact and debt that the rule covers or may cover
-- for: rules
-- uses: compliance/debt_marks
-- params:
--   country text: ISO 3166 country whose law it is; empty for everyone
--   currencies text: currencies of that country, separated by commas
--   regions text: ISO 3166-2 codes of the regions the rule is limited to, separated by commas; empty for all
--   regions_within text: codes of the regions in which these lie, where they are towns
--   region_zones text: time zones of these regions; a debtor whose clocks are others is not there; empty for any
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
--   ring_seconds integer: an unanswered call that ended sooner may have been exempt or not; 0: not looked at
--   except_purposes text: purposes that are exempt
--   except_roles text: roles that are exempt
--   scope text: what counts together: lender, agency, person, debtor, debt, contact_point
--   multi_debt text: the debts of a contact about several: own, opened, discussed, each
-- columns: contact_key, debt_key, account_key, contact_id, debtor_key, person_key, person_id, contact_point_key, thread_id,
--   creditor, firm, channel, outcome, style, purpose, role, place, caller_type, started_at, local_date, local_time,
--   local_isodow, time_known, duplicate_of, is_here, is_counted, is_judged, is_excepted
--   account_key: account_key of the account it is logged on
--   place text: as in contacts
--   local_time time: wall time in the debtor's zone
--   is_judged: whether the rule judges it; empty where a missing value leaves it open
-- notes: a value that is missing makes membership unknown, unless another named attribute already fails: SQL's three-valued
--   logic is meant. The currency tells the country only where the debtor's zones and region do not. A contact about several
--   debts is joined to them by contact_debts; one that was not answered counts to its own debt alone. Where none of them is
--   marked, it counts to its own debt, and whether it counts to the others is not known
with placed as (
    select
        contacts.*,
        case
            when $regions = '' then true
            when
                macros.is_listed(contacts.region_code, $regions)
                or macros.is_listed(
                    split_part(contacts.region_code, '-', 1) || '-' || split_part(contacts.region_code, '-', 2), $regions
                )
                then true
            when contacts.region_code is not null and not macros.is_listed(contacts.region_code, $regions_within) then false
            when
                $region_zones <> ''
                and not list_has_any(string_split(contacts.zones, '|'), string_split($region_zones, ','))
                then false
        end as is_here
    from contacts
    where
        macros.local_day(contacts.local_date, contacts.started_at) between $valid_from and $valid_to
        and (
            $country = ''
            or contacts.countries like '%|' || $country || '|%'
            or (contacts.countries is null and macros.is_listed(contacts.currency, $currencies))
        )
        and (not $agencies_only or contacts.firm is not null)
        and macros.is_wanted(contacts.product, $products)
        and macros.is_wanted(contacts.debt_type, $debt_types)
),

covered as (
    select
        placed.*,
        placed.is_here
        and macros.is_wanted(placed.channel, $channels)
        and macros.is_wanted(placed.direction, $directions)
        and macros.is_wanted(nullif(placed.outcome, 'unknown'), $outcomes)
        and macros.is_wanted(placed.style, $styles)
        and macros.is_wanted(placed.purpose, $purposes)
        and macros.is_wanted(placed.role, $roles)
        and macros.is_wanted(placed.place, $places)
        and macros.is_wanted(placed.caller_type, $callers) as is_judged,
        (
            $except_outcomes <> ''
            and macros.is_listed(nullif(placed.outcome, 'unknown'), $except_outcomes)
            and (
                placed.outcome <> 'no_answer'
                or coalesce(date_diff('second', placed.started_at, placed.ended_at), $ring_seconds) >= $ring_seconds
                or null
            )
        )
        or ($except_purposes <> '' and macros.is_listed(placed.purpose, $except_purposes))
        or ($except_roles <> '' and macros.is_listed(placed.role, $except_roles)) as is_excepted
    from placed
    where coalesce(placed.is_here, true)
),

relevant as (
    select * from covered
    where coalesce(is_judged, true)
),

told as (
    select
        relevant.contact_key, debt_marks.account_key, relevant.account_key as own_key,
        case $multi_debt
            when 'each' then true
            when 'opened' then debt_marks.is_opened
            when 'discussed' then debt_marks.is_opened or debt_marks.is_discussed
            else false
        end as is_counted
    from relevant
    inner join debt_marks on relevant.contact_key = debt_marks.contact_key
    where
        macros.is_listed('debt', $scope)
        and relevant.outcome not in ('no_answer', 'voicemail_no_message', 'not_connected', 'undelivered')
),

sure as (
    select distinct contact_key
    from told
    where is_counted
),

debts as (
    select contact_key, account_key as debt_key, is_counted
    from told
    where coalesce(is_counted, account_key <> own_key)
    union all
    select relevant.contact_key, relevant.account_key as debt_key, true as is_counted
    from relevant
    left join sure on relevant.contact_key = sure.contact_key
    where sure.contact_key is null
)

select
    relevant.contact_key, debts.debt_key,
    relevant.account_key, relevant.contact_id, relevant.debtor_key, relevant.person_key, relevant.person_id,
    relevant.contact_point_key, relevant.thread_id, relevant.creditor, relevant.firm, relevant.channel,
    relevant.outcome, relevant.style, relevant.purpose, relevant.role, relevant.place, relevant.caller_type,
    relevant.started_at, relevant.local_date, relevant.local_time, relevant.local_isodow,
    coalesce(relevant.time_known, true) as time_known,
    relevant.duplicate_of, relevant.is_here, debts.is_counted, relevant.is_judged, relevant.is_excepted
from relevant
inner join debts on relevant.contact_key = debts.contact_key
