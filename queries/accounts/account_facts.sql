-- question: How does one account stand on one day?
-- grain: one row, none where the account is not there or not in the scope
-- params:
--   account_id text: the lender's number
--     open: the lender's own numbers; one that nothing has gives no rows
--   as_of date: the day; nothing after it is used
-- columns: currency, account_id, debtor_id, product, branch, opened_on, original_amount, seen_on, state, status,
--   days_past_due, balance, overdue_amount, risk_grade, overdue_since, n_spells, n_breaching, n_breach, n_unknown, time_zone,
--   region, preferred_channel
--   seen_on: last snapshot day up to as_of; empty where there is none
--   state: bucket then, or paid_off or written_off
--   days_past_due: then
--   balance: outstanding balance then
--   n_breach: findings of a breach
--   n_unknown: findings that cannot be judged
--   region: of the debtor
with chosen as (
    select *
    from accounts
    where account_id = $account_id
),

seen as (
    select snapshots.*
    from snapshots
    inner join chosen on snapshots.account_key = chosen.account_key
    where snapshots.as_of <= $as_of
    qualify row_number() over (order by snapshots.as_of desc) = 1
),

spelled as (
    select
        count(*) as n_spells,
        max(case when spells.ended_on is null or spells.ended_on >= $as_of then spells.started_on end) as overdue_since
    from spells
    inner join chosen on spells.account_key = chosen.account_key
    where spells.started_on <= $as_of
),

found as (
    select
        count(distinct case when findings.verdict = 'breach' then findings.contact_key end) as n_breaching,
        count(case when findings.verdict = 'breach' then 1 end) as n_breach,
        count(case when findings.verdict = 'unknown' then 1 end) as n_unknown
    from findings
    inner join chosen on findings.account_key = chosen.account_key
    where macros.local_day(findings.local_date, findings.started_at) <= $as_of
)

select
    chosen.currency, chosen.account_id, chosen.debtor_id, chosen.product, chosen.branch, chosen.opened_on,
    chosen.original_amount, seen.as_of as seen_on, seen.state, seen.status, seen.days_past_due, seen.balance,
    seen.overdue_amount, seen.risk_grade, spelled.overdue_since, spelled.n_spells, found.n_breaching, found.n_breach,
    found.n_unknown, debtors.time_zone, debtors.region, debtors.preferred_channel
from chosen
left join debtors on chosen.debtor_key = debtors.debtor_key
left join seen on chosen.account_key = seen.account_key
cross join spelled
cross join found
