-- question: Why did the overdue balance move between two snapshot days?
-- grain: one row per currency and component
-- uses: portfolio/overdue_moves
-- columns: currency, position, component, amount, n_accounts
--   amount: signed; the first six add up to closing
--   n_accounts: accounts with an amount in it
with components as (
    select *
    from (
        values
        (1, 'opening'), (2, 'new_entry'), (3, 'cured'), (4, 'paid_down'), (5, 'written_off'), (6, 'residual'), (7, 'closing')
    ) as listed (position, component)
),

currencies as (
    select distinct currency
    from overdue_moves
)

select
    currencies.currency, components.position, components.component,
    coalesce(sum(overdue_moves.amount), 0) as amount,
    count(overdue_moves.account_id) as n_accounts
from components
cross join currencies
left join overdue_moves
    on components.component = overdue_moves.component and currencies.currency = overdue_moves.currency
group by currencies.currency, components.position, components.component
order by currencies.currency, components.position
