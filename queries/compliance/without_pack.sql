-- question: Which contacts were made in a country for which there is no pack?
-- grain: one row per contact and such country; the currency stands for it where the country is not known
-- for: rules
-- params:
--   countries text: countries for which there are packs, separated by commas
--   currencies text: currencies of these countries, separated by commas
-- columns: contact_key, account_key, jurisdiction, coverage, missing
--   missing: empty
with places as (
    select contact_key, account_key, unnest(string_split(trim(countries, '|'), '|')) as jurisdiction
    from contacts
    where countries is not null
),

without as (
    select contact_key, account_key, jurisdiction
    from places
    where not macros.is_listed(jurisdiction, $countries)
    union all
    select contact_key, account_key, currency as jurisdiction
    from contacts
    where countries is null and not macros.is_listed(currency, $currencies)
)

select
    contact_key, account_key, jurisdiction,
    'no_pack' as coverage,
    cast(null as varchar) as missing
from without
