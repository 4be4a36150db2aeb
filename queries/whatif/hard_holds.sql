-- question: From when to when may an account not be called?
-- grain: one row per account and hold
-- params:
--   from_date date: first day
--   to_date date: last day, included
-- columns: account_key, from_on, to_on
--   from_on: first day of the hold
--   to_on: last day; the last day of the period where it is open or ends later
-- notes: cease_contact, attorney, dispute, deceased, incapacitated and contact_refused; no scenario calls through them
select
    accounts.account_key, flags.valid_from_on as from_on,
    least(coalesce(flags.valid_to_on, $to_date), $to_date) as to_on
from flags
inner join accounts
    on
        flags.debtor_key = accounts.debtor_key
        and (flags.account_key is null or flags.account_key = accounts.account_key)
where
    flags.kind in ('cease_contact', 'attorney', 'dispute', 'deceased', 'incapacitated', 'contact_refused')
    and flags.valid_from_on <= $to_date
    and coalesce(flags.valid_to_on, $to_date) >= $from_date
