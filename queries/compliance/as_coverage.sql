-- question: Was the law of a pack asked about each contact that it may concern, and if not, why?
-- grain: one row per contact in the country, or perhaps in the region, that the pack is for
-- for: rules
-- uses: compliance/count_cap as verdicts
-- params:
--   jurisdiction text: the pack's country or region as one code
--   country text: ISO 3166 country whose law it is
--   currencies text: currencies of that country, separated by commas
--   regions text: ISO 3166-2 codes of the regions the pack is limited to, separated by commas; empty for all
--   regions_within text: codes of the regions in which these lie, where they are towns
--   region_zones text: time zones of these regions; empty for any
--   agencies_only boolean: the pack binds agencies only
--   products text: products the pack is limited to; empty for all
--   debt_types text: kinds of debt the pack is limited to; empty for all
--   valid_from date: first local day on which a rule of the pack is in force
--   valid_to date: the last
-- columns: contact_key, account_key, jurisdiction, coverage, missing
--   missing: what the contact lacks to be placed
-- notes: verdicts are those of all rules of the pack. A contact without a local day is not judged, whatever a rule without
--   days says of it
with asked as (
    select
        contact_key,
        bool_or(verdict <> 'unknown') as is_judged,
        min(case when verdict = 'unknown' then detail end) as missing
    from verdicts
    group by contact_key
),

placed as (
    select
        contacts.*, asked.contact_key is not null as is_asked, asked.is_judged, asked.missing,
        macros.local_day(contacts.local_date, contacts.started_at) as day,
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
    left join asked on contacts.contact_key = asked.contact_key
    where
        contacts.countries like '%|' || $country || '|%'
        or (contacts.countries is null and macros.is_listed(contacts.currency, $currencies))
),

covered as (
    select
        contact_key, account_key, missing as lacking,
        case
            when direction <> 'out' then 'not_bound'
            when day not between $valid_from and $valid_to then 'not_in_force'
            when
                ($agencies_only and firm is null)
                or not macros.is_wanted(product, $products)
                or not macros.is_wanted(debt_type, $debt_types)
                then 'not_bound'
            when is_here is null then 'region'
            when not macros.is_wanted(coalesce(debt_type, ''), $debt_types) then 'debt_type'
            when local_date is null then 'time_zone'
            when is_judged then 'judged'
            when is_asked then 'lacking'
            else 'not_bound'
        end as found
    from placed
    where coalesce(is_here, true)
)

select
    contact_key, account_key,
    cast($jurisdiction as varchar) as jurisdiction,
    case when found in ('region', 'debt_type', 'time_zone', 'lacking') then 'cannot_place' else found end as coverage,
    case
        when found in ('region', 'debt_type', 'time_zone') then found
        when found = 'lacking' then lacking
    end as missing
from covered
