-- question: How does one account stand on one day?
-- grain: one row, none where the account is not there or not in the scope
-- params:
--   account_id text: the lender's number
--   as_of date: the day; nothing after it is used
-- columns:
--   currency text: ISO 4217 code
--   account_id text: the lender's number
--   debtor_id text: the lender's number for the debtor
--   product text: product name
--   branch text: branch that booked the account
--   opened_on date: day it was opened
--   original_amount money: amount lent at opening
--   seen_on date: last snapshot day up to as_of; empty where there is none
--   state text: bucket then, or paid_off or written_off
--   status text: as in the source; empty means active
--   days_past_due integer: then
--   balance money: outstanding balance then
--   overdue_amount money: amount past its due date then, where given
--   risk_grade text: the lender's own grade
--   overdue_since date: first day of the spell that runs on as_of; empty where none does
--   n_spells integer: spells of being overdue that began by as_of
--   n_breaching integer: of its contacts, those with a breach of at least one rule
--   n_breach integer: findings of a breach
--   n_unknown integer: findings that cannot be judged
--   time_zone text: of the debtor; several plausible ones separated by |
--   region text: of the debtor
--   preferred_channel text: channel the debtor asked to be reached by
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
    where coalesce(findings.local_date, cast(findings.started_at as date)) <= $as_of
)

select
    chosen.currency,
    chosen.account_id,
    chosen.debtor_id,
    chosen.product,
    chosen.branch,
    chosen.opened_on,
    chosen.original_amount,
    seen.as_of as seen_on,
    seen.state,
    seen.status,
    seen.days_past_due,
    seen.balance,
    seen.overdue_amount,
    seen.risk_grade,
    spelled.overdue_since,
    spelled.n_spells,
    found.n_breaching,
    found.n_breach,
    found.n_unknown,
    debtors.time_zone,
    debtors.region,
    debtors.preferred_channel
from chosen
left join debtors on chosen.debtor_key = debtors.debtor_key
left join seen on chosen.account_key = seen.account_key
cross join spelled
cross join found
