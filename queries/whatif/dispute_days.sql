-- question: From when to when was a debt disputed?
-- grain: one row per dispute
-- params:
--   to_date date: last day, included
-- columns: account_key, opened_on, resolved_on
select
    disputes.account_key, disputes.opened_on,
    case
        when cast(disputes.resolved_at as date) <= $to_date then cast(disputes.resolved_at as date)
    end as resolved_on
from disputes
inner join accounts on disputes.account_key = accounts.account_key
where disputes.opened_on <= $to_date
