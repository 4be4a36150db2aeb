-- question: How would days past due alone stage the book under IFRS 9 (proxy)?
-- grain: one row per currency and stage, also where nothing is in it
-- uses: portfolio/accounts_on_day
-- columns: currency, stage_no, n_accounts, balance, share_accounts, share_balance
--   n_accounts: accounts in the stage
-- notes: a proxy. The standard presumes more than 30 days past due for stage 2 and more than 90 for stage 3, and both can be
--   rebutted; a significant increase in credit risk that shows otherwise than in days past due is not seen here
with stages as (
    select *
    from (values (1), (2), (3)) as listed (stage_no)
),

staged as (
    select currency, balance, case when days_past_due > 90 then 3 when days_past_due > 30 then 2 else 1 end as stage_no
    from accounts_on_day
),

totals as (
    select currency, count(*) as n_accounts, sum(balance) as balance
    from staged
    group by currency
)

select
    totals.currency, stages.stage_no,
    count(staged.stage_no) as n_accounts,
    coalesce(sum(staged.balance), 0) as balance,
    macros.ratio(count(staged.stage_no), max(totals.n_accounts)) as share_accounts,
    macros.ratio(coalesce(sum(staged.balance), 0), max(totals.balance)) as share_balance
from totals
cross join stages
left join staged on totals.currency = staged.currency and stages.stage_no = staged.stage_no
group by totals.currency, stages.stage_no
order by totals.currency, stages.stage_no
