-- question: Of what was open at the start of a period or fell due in it, less what is not past due yet, what share was collected?
-- grain: one row per currency
-- uses: recovery/receivables_moved
-- columns:
--   currency text: ISO 4217 code
--   n_accounts integer: accounts that owed something or had something fall due
--   opening_open money: instalments due before from_date and not paid by the day before it
--   fell_due money: instalments due in the period, less what had been paid on them before it
--   closing_open money: instalments due by to_date and not paid by then
--   closing_current money: of this, due on to_date itself
--   collected money: opening_open + fell_due - closing_open
--   cei ratio: collected / (opening_open + fell_due - closing_current), 0-1; null where that is 0
-- notes: the collection effectiveness index of trade credit, with scheduled amounts in the place of credit sales of one period
select
    currency,
    count(*) as n_accounts,
    sum(opening_open) as opening_open,
    sum(fell_due) as fell_due,
    sum(closing_open) as closing_open,
    sum(closing_current) as closing_current,
    sum(collected) as collected,
    cast(sum(collected) as double)
    / nullif(cast(sum(opening_open) + sum(fell_due) - sum(closing_current) as double), 0) as cei
from receivables_moved
group by currency
order by currency
