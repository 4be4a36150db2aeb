-- question: What does the contact log leave out?
-- grain: one row per gap, with its count
-- columns: gap, n_contacts, n_all, share
--   gap: missing_outcome, missing_party, missing_zone, missing_collector or late_entry
--   n_contacts: contacts with the gap
-- notes: late_entry is recorded more than 24 hours after the contact began, among contacts with a recording time
with counted as (
    select
        count(*) as n_all,
        count(*) filter (where outcome = 'unknown') as missing_outcome,
        count(*) filter (where party_role is null or party_role = 'unknown') as missing_party,
        count(*) filter (where zone_basis in ('missing', 'wall_only')) as missing_zone,
        count(*) filter (where collector_id is null and channel in ('call', 'visit')) as missing_collector,
        count(*) filter (where channel in ('call', 'visit')) as n_by_people,
        count(recorded_at) as n_recorded,
        count(*) filter (where recorded_at > started_at + interval 1 day) as late_entry
    from contacts
),

listed as (
    select 'missing_outcome' as gap, missing_outcome as n_contacts, n_all
    from counted

    union all

    select 'missing_party' as gap, missing_party as n_contacts, n_all
    from counted

    union all

    select 'missing_zone' as gap, missing_zone as n_contacts, n_all
    from counted

    union all

    select 'missing_collector' as gap, missing_collector as n_contacts, n_by_people as n_all
    from counted

    union all

    select 'late_entry' as gap, late_entry as n_contacts, n_recorded as n_all
    from counted
)

select gap, n_contacts, n_all, macros.ratio(n_contacts, n_all) as share
from listed
order by gap
