-- question: Which debts of a contact about several did the collector raise, and which were talked about?
-- grain: one row per contact and debt of contact_debts
-- columns: contact_key, account_key, is_opened, is_discussed
--   account_key: the debt
-- notes: a debt without a mark is not marked where another debt of the same contact is; where none is, nobody knows
select
    contact_key, account_key,
    coalesce(
        opened_by_collector, case when bool_or(opened_by_collector) over (partition by contact_key) then false end
    ) as is_opened,
    coalesce(discussed, case when bool_or(discussed) over (partition by contact_key) then false end) as is_discussed
from contact_debts
