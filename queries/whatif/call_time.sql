-- question: How many calls were made in a period, on how many days, and how long did they take?
-- grain: one row per currency
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
-- columns: currency, n_contacts, n_calls, n_days, n_timed, minutes_mean
--   n_days: local days with a call
select
    currency,
    count(*) as n_contacts,
    count(case when channel = 'call' then 1 end) as n_calls,
    count(distinct case when channel = 'call' then local_date end) as n_days,
    count(case when channel = 'call' and ended_at >= started_at then 1 end) as n_timed,
    avg(case when channel = 'call' and ended_at >= started_at then date_diff('second', started_at, ended_at) end) / 60.0
        as minutes_mean
from contacts
where direction = 'out' and macros.local_day(local_date, started_at) between $from_date and $to_date
group by currency
