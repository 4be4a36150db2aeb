-- question: Which accounts have a standing instruction that says not to contact the debtor?
-- grain: one row per account and instruction in force on the day after as_of
-- params:
--   as_of date: what the lender learned later is not known yet
-- columns: currency, account_id, kind, hold_id, since
--   kind: cease_contact, attorney, deceased, incapacitated or dispute
-- notes: a flag of the debtor without an account holds for each of the debtor's accounts; one about another person for none. An
--   open dispute holds without a flag too. What a rule pack makes of it is the pack's affair: this says what is on file
with standing as (
    select accounts.account_key, flags.kind, flags.flag_id as hold_id, flags.valid_from_on as since
    from flags
    inner join accounts
        on
            flags.debtor_key = accounts.debtor_key
            and (flags.account_key is null or flags.account_key = accounts.account_key)
    inner join debtors on accounts.debtor_key = debtors.debtor_key
    where
        flags.kind in ('cease_contact', 'attorney', 'deceased', 'incapacitated', 'dispute')
        and (flags.person_id is null or flags.person_id = debtors.debtor_id)
        and flags.valid_from_on <= cast($as_of as date) + 1
        and (flags.valid_to_on is null or flags.valid_to_on > $as_of)
        and (flags.known_from is null or cast(flags.known_from as date) <= $as_of)

    union all

    select account_key, 'dispute' as kind, dispute_id as hold_id, opened_on as since
    from disputes
    where opened_on <= $as_of and (resolved_at is null or cast(resolved_at as date) > $as_of)
)

select accounts.currency, accounts.account_id, standing.kind, standing.hold_id, standing.since
from standing
inner join accounts on standing.account_key = accounts.account_key
order by accounts.account_id, standing.kind, standing.since, standing.hold_id
