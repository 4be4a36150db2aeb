-- question: Of the money that came in during a period, how much paid overdue, current and later instalments, by state?
-- grain: one row per currency and state that money came from
-- uses: recovery/payment_split
-- columns:
--   currency text: ISO 4217 code
--   state text: state at the last snapshot before from_date: M0 to M7+, written_off, paid_off, or none
--   n_accounts integer: accounts that paid
--   paid money: payments of the period less what of them was reversed by to_date
--   to_overdue money: of this, on instalments due before the day of payment
--   to_current money: on instalments due on that day or within current_days after it
--   to_advance money: on later ones, and beyond all that is ever due
--   unassigned money: of accounts without instalments, which cannot be told
--   share_overdue ratio: to_overdue / (paid - unassigned); null where that is 0
select
    currency,
    state,
    count(*) as n_accounts,
    sum(paid) as paid,
    sum(to_overdue) as to_overdue,
    sum(to_current) as to_current,
    sum(to_advance) as to_advance,
    sum(unassigned) as unassigned,
    cast(sum(to_overdue) as double) / nullif(cast(sum(paid) - sum(unassigned) as double), 0) as share_overdue
from payment_split
group by currency, state
order by currency, state
