-- question: Which account moved the overdue balance between two snapshot days, by how much, and why?
-- grain: one row per account and component with an amount other than 0
-- params:
--   from_date date: the opening snapshot day
--   to_date date: the closing snapshot day
-- columns: currency, account_id, product, branch, from_state, to_state, component, amount
--   amount: signed; opening + new_entry + cured + paid_down + written_off + residual = closing, account by account
-- notes: overdue is M1 and later. paid_down is what was paid on accounts that stayed overdue, and the whole balance of
--   those paid off. residual is what those cannot explain: interest and charges added, and overdue accounts without
--   a snapshot at to_date
with opening as (
    select
        snapshots.account_key, snapshots.state, snapshots.balance,
        coalesce(buckets.bucket_no > 0, false) as is_overdue
    from snapshots
    left join buckets on snapshots.state = buckets.bucket
    where snapshots.as_of = $from_date
),

closing as (
    select
        snapshots.account_key, snapshots.state, snapshots.balance,
        coalesce(buckets.bucket_no > 0, false) as is_overdue
    from snapshots
    left join buckets on snapshots.state = buckets.bucket
    where snapshots.as_of = $to_date
),

paid as (
    select account_key, sum(net_amount) as amount
    from payments
    where paid_on > $from_date and paid_on <= $to_date
    group by account_key
),

pairs as (
    select
        coalesce(opening.account_key, closing.account_key) as account_key,
        opening.state as from_state, closing.state as to_state,
        coalesce(opening.is_overdue, false) as was_overdue,
        coalesce(closing.is_overdue, false) as now_overdue,
        coalesce(opening.balance, 0) as balance_from,
        coalesce(closing.balance, 0) as balance_to
    from opening
    full outer join closing on opening.account_key = closing.account_key
    where exists (select 1 from opening) and exists (select 1 from closing)
),

explained as (
    select pairs.*, coalesce(paid.amount, 0) as paid_amount
    from pairs
    left join paid on pairs.account_key = paid.account_key
    where pairs.was_overdue or pairs.now_overdue
),

components as (
    select account_key, from_state, to_state, 'opening' as component, balance_from as amount
    from explained
    where was_overdue

    union all

    select account_key, from_state, to_state, 'new_entry' as component, balance_to as amount
    from explained
    where now_overdue and not was_overdue

    union all

    select
        account_key, from_state, to_state,
        case to_state
            when 'M0' then 'cured'
            when 'paid_off' then 'paid_down'
            when 'written_off' then 'written_off'
            else 'residual'
        end as component,
        -balance_from as amount
    from explained
    where was_overdue and not now_overdue

    union all

    select account_key, from_state, to_state, 'paid_down' as component, -paid_amount as amount
    from explained
    where was_overdue and now_overdue

    union all

    select account_key, from_state, to_state, 'residual' as component, balance_to - balance_from + paid_amount as amount
    from explained
    where was_overdue and now_overdue

    union all

    select account_key, from_state, to_state, 'closing' as component, balance_to as amount
    from explained
    where now_overdue
)

select
    accounts.currency, accounts.account_id, accounts.product, accounts.branch, components.from_state,
    components.to_state, components.component,
    cast(components.amount as decimal(18, 2)) as amount
from components
inner join accounts on components.account_key = accounts.account_key
where components.amount <> 0
