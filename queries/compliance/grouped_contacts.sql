-- question: Which contacts of each team, channel or agency broke a rule, or cannot be judged by one?
-- grain: one row per contact of compliance/breaching_contacts
-- uses: compliance/breaching_contacts
-- params:
--   grouping_by text = team: what contacts are grouped by
--     one of: team, channel, agency
-- columns: group_name, team, debtor_key, is_breaching, is_unknown
--   group_name: the team, channel or agency; empty where the log does not say, or for own staff
select
    case $grouping_by when 'channel' then channel when 'agency' then agency_id else team end as group_name,
    team, debtor_key,
    n_breach > 0 as is_breaching,
    n_breach = 0 and n_unknown > 0 as is_unknown
from breaching_contacts
