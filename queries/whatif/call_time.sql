-- question: How many calls were made in a period, on how many days, and how long did they take?
-- grain: one row per currency
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
-- columns:
--   currency text: ISO 4217 code of the account
--   n_contacts integer: outbound contacts
--   n_calls integer: of these, calls
--   n_days integer: local days with a call
--   n_timed integer: calls whose end the log tells
--   minutes_mean ratio: mean minutes of these; null where there are none
select
    currency,
    count(*) as n_contacts,
    count(case when channel = 'call' then 1 end) as n_calls,
    count(distinct case when channel = 'call' then local_date end) as n_days,
    count(case when channel = 'call' and ended_at >= started_at then 1 end) as n_timed,
    avg(case when channel = 'call' and ended_at >= started_at then date_diff('second', started_at, ended_at) end) / 60.0
        as minutes_mean
from contacts
where
    direction = 'out'
    and coalesce(local_date, cast(started_at as date)) between $from_date and $to_date
group by currency
