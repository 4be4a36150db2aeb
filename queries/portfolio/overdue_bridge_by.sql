-- question: Why did the overdue balance of each product or branch move between two snapshot days?
-- grain: one row per currency, segment and component
-- uses: portfolio/overdue_moves
-- params:
--   segment_by text = product: what it is cut by
--     one of: product, branch
-- columns: currency, segment, position, component, amount, n_accounts
--   amount: signed; over all segments they add up to overdue_bridge
--   n_accounts: accounts with an amount in it
with components as (
    select *
    from (
        values
        (1, 'opening'), (2, 'new_entry'), (3, 'cured'), (4, 'paid_down'), (5, 'written_off'), (6, 'residual'), (7, 'closing')
    ) as listed (position, component)
),

moves as (
    select
        currency,
        coalesce(case $segment_by when 'branch' then branch else product end, '') as segment,
        component, account_id, amount
    from overdue_moves
),

segments as (
    select distinct currency, segment
    from moves
)

select
    segments.currency,
    nullif(segments.segment, '') as segment,
    components.position, components.component,
    coalesce(sum(moves.amount), 0) as amount,
    count(moves.account_id) as n_accounts
from components
cross join segments
left join moves
    on
        components.component = moves.component
        and segments.currency = moves.currency
        and segments.segment = moves.segment
group by segments.currency, segments.segment, components.position, components.component
order by segments.currency, segments.segment, components.position
