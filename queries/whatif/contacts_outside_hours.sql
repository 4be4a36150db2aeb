-- question: How many outbound contacts of a period began outside given hours of the debtor's day?
-- grain: one row per currency and team
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
--   hours_from integer: first hour allowed, 0 to 23
--     range: 0 to 23
--   hours_to integer: hour at which contacts end, 1 to 24; a contact on the stroke of it is outside
--     range: 1 to 24
-- columns: currency, team, n_contacts, n_outside, n_untimed
--   n_contacts: outbound contacts with a local time
select
    currency, team,
    count(local_time) as n_contacts,
    count(case when extract(hour from local_time) < $hours_from or extract(hour from local_time) >= $hours_to then 1 end)
        as n_outside,
    count(*) - count(local_time) as n_untimed
from contacts
where direction = 'out' and macros.local_day(local_date, started_at) between $from_date and $to_date
group by currency, team
