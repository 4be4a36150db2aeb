-- question: How would days past due alone stage the book under IFRS 9 (proxy)?
-- grain: one row per currency and stage, also where nothing is in it
-- uses: portfolio/accounts_on_day
-- columns:
--   currency text: ISO 4217 code
--   stage_no integer: 1 to 3
--   n_accounts integer: accounts in the stage
--   balance money: their balance
--   share_accounts ratio: of all accounts of the currency
--   share_balance ratio: of all balance of the currency; null where that is 0
-- notes: a proxy. The standard presumes more than 30 days past due for stage 2 and more than 90 for stage 3, and both can be
--   rebutted; a significant increase in credit risk that shows otherwise than in days past due is not seen here
with stages as (
    select *
    from (values (1), (2), (3)) as listed (stage_no)
),

staged as (
    select
        currency,
        balance,
        case when days_past_due > 90 then 3 when days_past_due > 30 then 2 else 1 end as stage_no
    from accounts_on_day
),

totals as (
    select
        currency,
        count(*) as n_accounts,
        sum(balance) as balance
    from staged
    group by currency
)

select
    totals.currency,
    stages.stage_no,
    count(staged.stage_no) as n_accounts,
    coalesce(sum(staged.balance), 0) as balance,
    cast(count(staged.stage_no) as double) / nullif(cast(max(totals.n_accounts) as double), 0) as share_accounts,
    cast(coalesce(sum(staged.balance), 0) as double) / nullif(cast(max(totals.balance) as double), 0) as share_balance
from totals
cross join stages
left join staged on totals.currency = staged.currency and stages.stage_no = staged.stage_no
group by totals.currency, stages.stage_no
order by totals.currency, stages.stage_no
