-- question: Which standing instructions and conditions of some kinds are there?
-- grain: one row per flag of these kinds, and per dispute where the kinds name disputes
-- for: rules
-- params:
--   flags text: kinds of flag that forbid, separated by commas; dispute also means an open row of disputes
-- columns: flag_id, debtor_key, account_key, person_id, valid_from, valid_to, valid_from_on, valid_to_on, known_at
--   account_key: the debt, where it is about one
--   person_id: which person, where not the debtor
select
    flag_id, debtor_key, account_key, person_id, valid_from, valid_to, valid_from_on, valid_to_on,
    coalesce(known_from, valid_from) as known_at
from flags
where macros.is_listed(kind, $flags)
union all
select
    disputes.dispute_id as flag_id, accounts.debtor_key, disputes.account_key,
    cast(null as varchar) as person_id,
    disputes.opened_at as valid_from, disputes.resolved_at as valid_to, disputes.opened_on as valid_from_on,
    cast(disputes.resolved_at as date) as valid_to_on,
    disputes.opened_at as known_at
from disputes
inner join accounts on disputes.account_key = accounts.account_key
where macros.is_listed('dispute', $flags)
