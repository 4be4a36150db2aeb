-- question: At what hour of the debtor's day, and on which weekday, was contact made?
-- grain: one row per weekday and hour with contacts
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
--   channel text = all: by what means
--     one of: contacts.channel, all
-- columns: isodow, hour, n_contacts, n_breach, n_midnight
--   hour: hour of the day, 0 to 23
--   n_contacts: outbound contacts, those stamped 00:00:00 exactly left out
--   n_breach: of these, found outside the hours that a rule allows
--   n_midnight: outbound contacts stamped 00:00:00 exactly: a fault of the log, not a call at night
with late as (
    select distinct contact_key
    from findings
    where verdict = 'breach' and reason in ('outside_hours', 'outside_agreed_hours')
)

select
    contacts.local_isodow as isodow,
    cast(extract(hour from contacts.local_time) as bigint) as hour,
    count(*) filter (where contacts.local_time <> time '00:00:00') as n_contacts,
    count(*) filter (where contacts.local_time <> time '00:00:00' and late.contact_key is not null) as n_breach,
    count(*) filter (where contacts.local_time = time '00:00:00') as n_midnight
from contacts
left join late on contacts.contact_key = late.contact_key
where
    contacts.direction = 'out'
    and contacts.local_date between $from_date and $to_date
    and ($channel = 'all' or contacts.channel = $channel)
group by contacts.local_isodow, extract(hour from contacts.local_time)
order by isodow, hour
