-- question: How complete is the contact log of a period, and what is wrong with it?
-- grain: one row per fault, also where it does not occur
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
-- columns: gap, n_contacts, n_all, share
--   n_contacts: outbound contacts with the fault; complete: with outcome, party and time zone, not stamped at midnight
-- notes: a contact without a local day is placed by its UTC day. late_entry is recorded more than 24 hours after it began, among
--   those with a recording time. duplicate is a second row with the same account, channel and second. A contact that was never
--   logged leaves no trace here
with logged as (
    select
        *,
        outcome = 'unknown' as no_outcome,
        role is null as no_party,
        local_date is null as no_zone,
        coalesce(local_time = time '00:00:00', false) as at_midnight,
        row_number() over (partition by account_key, channel, started_at order by contact_id) > 1 as is_repeat
    from contacts
    where direction = 'out' and macros.local_day(local_date, started_at) between $from_date and $to_date
),

counted as (
    select
        count(*) as n_all,
        count(*) filter (where not (no_outcome or no_party or no_zone or at_midnight)) as complete,
        count(*) filter (where no_outcome) as missing_outcome,
        count(*) filter (where no_party) as missing_party,
        count(*) filter (where no_zone) as missing_zone,
        count(recorded_at) as n_recorded,
        count(*) filter (where recorded_at > started_at + interval 1 day) as late_entry,
        count(*) filter (where is_repeat) as duplicate,
        count(*) filter (where at_midnight) as midnight_stamp
    from logged
),

gaps as (
    select unnest([
        'complete', 'missing_outcome', 'missing_party', 'missing_zone', 'late_entry', 'duplicate', 'midnight_stamp'
    ]) as gap
),

listed as (
    select
        gaps.gap,
        case gaps.gap
            when 'complete' then counted.complete
            when 'missing_outcome' then counted.missing_outcome
            when 'missing_party' then counted.missing_party
            when 'missing_zone' then counted.missing_zone
            when 'late_entry' then counted.late_entry
            when 'duplicate' then counted.duplicate
            else counted.midnight_stamp
        end as n_contacts,
        case when gaps.gap = 'late_entry' then counted.n_recorded else counted.n_all end as n_all
    from gaps
    cross join counted
)

select gap, n_contacts, n_all, macros.ratio(n_contacts, n_all) as share
from listed
order by gap
