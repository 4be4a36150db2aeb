-- question: Of the money that came in during a period, how much paid overdue, current and later instalments, by state?
-- grain: one row per currency and state that money came from
-- uses: recovery/payment_split
-- columns: currency, state, n_accounts, paid, to_overdue, to_current, to_advance, unassigned, share_overdue
--   state: state at the last snapshot before from_date: M0 to M7+, written_off, paid_off, or none
--   n_accounts: accounts that paid
--   paid: payments of the period less what of them was reversed by to_date
select
    currency, state,
    count(*) as n_accounts,
    sum(paid) as paid,
    sum(to_overdue) as to_overdue,
    sum(to_current) as to_current,
    sum(to_advance) as to_advance,
    sum(unassigned) as unassigned,
    macros.ratio(sum(to_overdue), sum(paid) - sum(unassigned)) as share_overdue
from payment_split
group by currency, state
order by currency, state
