-- question: How long after a contact is it recorded?
-- grain: one row per channel
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
-- columns:
--   channel text: by what means
--   n_contacts integer: contacts of the period
--   n_recorded integer: of these, with a recording time
--   n_back_dated integer: of these, recorded before they began
--   median_hours ratio: hours until half of them were recorded; not a share
--   p95_hours ratio: hours until 95 in 100 were recorded; not a share
--   n_late integer: recorded more than 24 hours after they began
--   share_late ratio: n_late / n_recorded; null where none has a recording time
-- notes: contacts without a local day count by their UTC day. The median and p95 are the values at the upper rank
with timed as (
    select
        channel,
        recorded_at is not null as is_recorded,
        (epoch(recorded_at) - epoch(started_at)) / 3600.0 as hours
    from contacts
    where coalesce(local_date, cast(started_at as date)) between $from_date and $to_date
),

ranked as (
    select
        channel,
        hours,
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
    cast(count(*) filter (where timed.hours > 24) as double)
    / nullif(count(*) filter (where timed.is_recorded), 0) as share_late
from timed
left join middles on timed.channel = middles.channel
group by timed.channel
order by timed.channel
