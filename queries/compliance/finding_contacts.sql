-- question: Which contacts prove one finding, and what else happened to that debtor around it?
-- grain: one row per contact of the debtor within so many days of the finding, and per contact counted
-- params:
--   finding_key text: the finding
--     open: a finding of the book; one that it has not gives no rows
--   around_days integer = 7: days before and after the counted contacts that are shown for context
--     range: 0 to 366
-- columns: place, contact_id, started_at, local_date, local_time, channel, direction, outcome, role, purpose, collector_id,
--   team, agency_id, is_counted, is_judged
--   place integer: place among the counted contacts, from 1; empty where not counted
--   local_time text: wall time in the debtor's zone
with wanted as (
    select * from findings
    where finding_key = $finding_key
),

near_by as (
    select
        contacts.*, wanted.evidence, wanted.contact_id as judged_id,
        coalesce(list_contains(wanted.evidence, contacts.contact_id), false)
        or contacts.contact_id = wanted.contact_id as is_counted
    from wanted
    inner join contacts on wanted.debtor_key = contacts.debtor_key
),

spanned as (
    select min(local_date) as first_day, max(local_date) as last_day
    from near_by
    where is_counted
)

select
    case
        when list_contains(near_by.evidence, near_by.contact_id)
            then cast(list_position(near_by.evidence, near_by.contact_id) as bigint)
    end as place,
    near_by.contact_id, near_by.started_at, near_by.local_date,
    cast(near_by.local_time as varchar) as local_time,
    near_by.channel, near_by.direction, near_by.outcome, near_by.role, near_by.purpose, near_by.collector_id,
    near_by.team, near_by.firm as agency_id, near_by.is_counted,
    near_by.contact_id = near_by.judged_id as is_judged
from near_by
cross join spanned
where
    near_by.is_counted
    or (
        date_diff('day', spanned.first_day, near_by.local_date) >= -$around_days
        and date_diff('day', near_by.local_date, spanned.last_day) >= -$around_days
    )
order by near_by.started_at, near_by.contact_id
