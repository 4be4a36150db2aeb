-- question: Of what was open at the start of a period or fell due in it, less what is not past due yet, what share was collected?
-- grain: one row per currency
-- uses: recovery/receivables_moved
-- columns: currency, n_accounts, opening_open, fell_due, closing_open, closing_current, collected, cei
--   n_accounts: accounts that owed something or had something fall due
--   collected: opening_open + fell_due - closing_open
-- notes: the collection effectiveness index of trade credit, with scheduled amounts in the place of credit sales of one period
select
    currency,
    count(*) as n_accounts,
    sum(opening_open) as opening_open,
    sum(fell_due) as fell_due,
    sum(closing_open) as closing_open,
    sum(closing_current) as closing_current,
    sum(collected) as collected,
    macros.ratio(sum(collected), sum(opening_open) + sum(fell_due) - sum(closing_current)) as cei
from receivables_moved
group by currency
order by currency
