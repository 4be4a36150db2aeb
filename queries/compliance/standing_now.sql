-- question: Whose standing instruction or condition forbids contact on a day, and when does it end?
-- grain: one row per flag, or dispute, that stands
-- for: rules
-- uses: compliance/judged_contacts, compliance/standing_flags
-- params:
--   on_day date: the day
--   country text: ISO 3166 country whose law it is; empty for everyone
--   max_days integer: dates a flag forbids at most, its first included; 0 for no limit
-- columns: debtor_key, account_key, trigger_id, last_on, frees_on
--   account_key: the debt, where it is about one
--   trigger_id text: the flag or dispute
--   last_on: its first local day
--   frees_on: first day after it; empty where it is open
-- notes: of the lender's own rules for every debtor; of a country's for debtors with a contact that the rule judges. What a third
--   person refused is no hold on the debtor
with concerned as (
    select debtor_key from judged_contacts
    union
    select debtor_key from debtors
    where $country = ''
)

select
    standing_flags.debtor_key, standing_flags.account_key,
    standing_flags.flag_id as trigger_id,
    standing_flags.valid_from_on as last_on,
    least(
        cast(standing_flags.valid_to_on + 1 as date),
        case when $max_days > 0 then cast(standing_flags.valid_from_on + cast($max_days as integer) as date) end
    ) as frees_on
from standing_flags
inner join concerned on standing_flags.debtor_key = concerned.debtor_key
inner join debtors on standing_flags.debtor_key = debtors.debtor_key
where
    standing_flags.valid_from_on <= $on_day
    and cast(standing_flags.known_at as date) <= $on_day
    and (standing_flags.valid_to_on is null or standing_flags.valid_to_on >= $on_day)
    and ($max_days = 0 or date_diff('day', standing_flags.valid_from_on, cast($on_day as date)) < $max_days)
    and (standing_flags.person_id is null or standing_flags.person_id = debtors.debtor_id)
