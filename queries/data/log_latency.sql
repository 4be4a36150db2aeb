-- question: How long after a contact is it recorded?
-- grain: one row per channel
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
-- columns: channel, n_contacts, n_recorded, n_back_dated, median_hours, p95_hours, n_late, share_late
--   n_contacts: contacts of the period
-- notes: contacts without a local day count by their UTC day. The median and p95 are the values at the upper rank
with timed as (
    select channel, recorded_at is not null as is_recorded, (epoch(recorded_at) - epoch(started_at)) / 3600.0 as hours
    from contacts
    where macros.local_day(local_date, started_at) between $from_date and $to_date
),

ranked as (
    select
        channel, hours,
        row_number() over (partition by channel order by hours) as nth,
        count(*) over (partition by channel) as n
    from timed
    where is_recorded
),

middles as (
    select
        channel,
        min(hours) filter (where nth * 2 >= n) as median_hours,
        min(hours) filter (where nth * 20 >= n * 19) as p95_hours
    from ranked
    group by channel
)

select
    timed.channel,
    count(*) as n_contacts,
    count(*) filter (where timed.is_recorded) as n_recorded,
    count(*) filter (where timed.hours < 0) as n_back_dated,
    cast(max(middles.median_hours) as double) as median_hours,
    cast(max(middles.p95_hours) as double) as p95_hours,
    count(*) filter (where timed.hours > 24) as n_late,
    macros.ratio(count(*) filter (where timed.hours > 24), count(*) filter (where timed.is_recorded)) as share_late
from timed
left join middles on timed.channel = middles.channel
group by timed.channel
order by timed.channel
