-- question: Which accounts make up one component of the overdue waterfall?
-- grain: one row per account; the amounts add up to that component in overdue_bridge
-- uses: portfolio/overdue_moves
-- params:
--   component text: the component of the waterfall
--     one of: opening, new_entry, cured, paid_down, written_off, residual, closing
-- columns: currency, account_id, product, branch, from_state, to_state, amount
select currency, account_id, product, branch, from_state, to_state, amount
from overdue_moves
where component = $component
order by abs(amount) desc, account_id
