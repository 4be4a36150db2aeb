-- question: Which accounts make up one component of the overdue waterfall?
-- grain: one row per account; the amounts add up to that component in overdue_bridge
-- uses: portfolio/overdue_moves
-- params:
--   component text: opening, new_entry, cured, paid_down, written_off, residual or closing
-- columns:
--   currency text: ISO 4217 code
--   account_id text: the lender's number
--   product text: product name
--   branch text: branch that booked the account
--   from_state text: state at from_date; empty where there is no snapshot
--   to_state text: state at to_date; empty where there is no snapshot
--   amount money: signed contribution
select
    currency,
    account_id,
    product,
    branch,
    from_state,
    to_state,
    amount
from overdue_moves
where component = $component
order by abs(amount) desc, account_id
