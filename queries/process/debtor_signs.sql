-- question: What speaks for or against the willingness and the ability of each overdue account's debtor to pay?
-- grain: one row per account with a snapshot at as_of
-- uses: promises/promise_ledger
-- params:
--   as_of date: nothing after this day is used
--   look_days integer = 180: signs are read from so many days up to as_of
--     range: 1 to 3660
--   paid_percent integer = 50: share of what fell due in these days, in per cent, that speaks for ability when paid
--     range: 0 to 100
--   unwilling_causes text = unwilling: causes of delay that speak against willingness, with commas
--     open: causes as the lender words them
--   unable_causes text = cash_shortage: causes of delay that speak against ability, with commas
--     open: causes as the lender words them
-- columns: account_key, is_for_will, is_against_will, is_for_means, is_against_means, willingness, ability
-- notes: promises count by the day they were made. Reversed payments do not count: a reversal by as_of lowers the payment
--   it names, whenever that was, and no other one. A hardship flag of the debtor counts for each account that it does not
--   exclude. Signs on both sides are mixed
with promised as (
    select
        account_id,
        count(*) filter (where state = 'kept') as n_kept,
        count(*) filter (where state in ('broken', 'partial')) as n_not_kept
    from promise_ledger
    where made_on + cast($look_days as integer) > $as_of
    group by account_id
),

said as (
    select account_key, bool_or(response = 'refusal') as has_refused, bool_or(response = 'hardship') as has_hardship
    from contacts
    where
        macros.local_day(local_date, started_at) <= $as_of
        and macros.local_day(local_date, started_at) + cast($look_days as integer) > $as_of
        and response in ('refusal', 'hardship')
    group by account_key
),

taken_back as (
    select reversals.account_key, coalesce(reversed.paid_on, reversals.paid_on) as paid_on, reversals.net_amount
    from payments as reversals
    left join payments as reversed
        on reversals.account_key = reversed.account_key and reversals.reverses_payment_id = reversed.payment_id
    where reversals.reverses_payment_id is not null and reversals.paid_on <= $as_of
),

received as (
    select account_key, paid_on, net_amount
    from payments
    where reverses_payment_id is null and paid_on <= $as_of
    union all
    select account_key, paid_on, net_amount
    from taken_back
),

paid as (
    select account_key, sum(net_amount) as paid
    from received
    where paid_on + cast($look_days as integer) > $as_of
    group by account_key
),

due as (
    select account_key, sum(amount) as due
    from instalments
    where due_on <= $as_of and due_on + cast($look_days as integer) > $as_of
    group by account_key
),

hardship as (
    select distinct accounts.account_key
    from flags
    inner join accounts
        on flags.debtor_key = accounts.debtor_key and accounts.account_key = coalesce(flags.account_key, accounts.account_key)
    where flags.kind = 'hardship' and flags.valid_from_on <= $as_of and coalesce(flags.valid_to_on, $as_of) >= $as_of
),

signs as (
    select
        snapshots.account_key,
        coalesce(promised.n_kept, 0) > 0 or coalesce(paid.paid, 0) > 0 as is_for_will,
        coalesce(macros.is_listed(snapshots.delay_cause, $unwilling_causes), false)
        or coalesce(said.has_refused, false)
        or coalesce(promised.n_not_kept > 0 and promised.n_kept = 0, false) as is_against_will,
        coalesce(paid.paid * 100 >= due.due * $paid_percent, false) as is_for_means,
        coalesce(macros.is_listed(snapshots.delay_cause, $unable_causes), false)
        or coalesce(said.has_hardship, false)
        or hardship.account_key is not null as is_against_means
    from snapshots
    inner join accounts on snapshots.account_key = accounts.account_key
    left join promised on accounts.account_id = promised.account_id
    left join said on snapshots.account_key = said.account_key
    left join paid on snapshots.account_key = paid.account_key
    left join due on snapshots.account_key = due.account_key
    left join hardship on snapshots.account_key = hardship.account_key
    where snapshots.as_of = $as_of
)

select
    account_key, is_for_will, is_against_will, is_for_means, is_against_means,
    case
        when is_for_will and is_against_will then 'mixed' when is_for_will then 'high' when is_against_will then 'low'
    end as willingness,
    case
        when is_for_means and is_against_means then 'mixed' when is_for_means then 'high' when is_against_means then 'low'
    end as ability
from signs
