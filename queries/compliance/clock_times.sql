-- question: When was each contact by the clock of every place the debtor may be in, and what hours does the law leave that day?
-- grain: one row per contact, debt and plausible time zone; none where the time of day is not known
-- for: rules
-- uses: compliance/judged_contacts
-- params:
--   mon_from text: first allowed time on Mondays; empty: none that day (likewise below)
--   mon_to text: last
--   tue_from text: first
--   tue_to text: last
--   wed_from text: first
--   wed_to text: last
--   thu_from text: first
--   thu_to text: last
--   fri_from text: first
--   fri_to text: last
--   sat_from text: first
--   sat_to text: last
--   sun_from text: first
--   sun_to text: last
--   holiday_from text: first allowed time on a public holiday
--   holiday_to text: last
--   holiday_calendar text: calendar of public holidays; empty: holidays are days like others
--   work_from text: first time at the debtor's place of work on a working day; empty: as elsewhere
--   work_to text: last
--   end_inclusive boolean: the last time itself is allowed
--   all_zones boolean: the time must be allowed in every zone the debtor may be in
-- columns: contact_key, debt_key, debtor_key, started_at, local_time, opens, closes, is_inside, is_work_time
--   local_time time: wall time in that zone
-- notes: a weekend day on which people work instead of another has the hours of a Friday
with clocks as (
    select contact_key, debt_key, debtor_key, started_at, local_date, local_time, local_isodow
    from judged_contacts
    where exempt_reason is null and local_date is not null and time_known
    union all
    select
        judged_contacts.contact_key, judged_contacts.debt_key, judged_contacts.debtor_key, judged_contacts.started_at,
        contact_zones.local_date, contact_zones.local_time, contact_zones.local_isodow
    from judged_contacts
    inner join contact_zones on judged_contacts.contact_key = contact_zones.contact_key
    where $all_zones and judged_contacts.exempt_reason is null and judged_contacts.time_known
),

days as (
    select
        clocks.*,
        case
            when holidays.is_working_day and clocks.local_isodow > 5 then 5
            when holidays.date is not null and not coalesce(holidays.is_working_day, false) then 8
            else clocks.local_isodow
        end as day_kind
    from clocks
    left join holidays
        on clocks.local_date = holidays.date and holidays.calendar = $holiday_calendar
),

windows as (
    select
        *,
        cast(nullif(case day_kind
            when 1 then $mon_from when 2 then $tue_from when 3 then $wed_from when 4 then $thu_from
            when 5 then $fri_from when 6 then $sat_from when 7 then $sun_from else $holiday_from
        end, '') as time) as opens,
        cast(nullif(case day_kind
            when 1 then $mon_to when 2 then $tue_to when 3 then $wed_to when 4 then $thu_to
            when 5 then $fri_to when 6 then $sat_to when 7 then $sun_to else $holiday_to
        end, '') as time) as closes
    from days
)

select
    contact_key, debt_key, debtor_key, started_at, local_time, opens, closes,
    coalesce(local_time >= opens and (local_time < closes or ($end_inclusive and local_time = closes)), false) as is_inside,
    $work_from = ''
    or (
        day_kind <= 5
        and local_time >= cast(nullif($work_from, '') as time)
        and local_time <= cast(nullif($work_to, '') as time)
    ) as is_work_time
from windows
