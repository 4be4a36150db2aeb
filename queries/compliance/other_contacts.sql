-- question: Which contacts are the other half of a rule: the triggers of a quiet period, the earlier steps that a contact needs?
-- grain: one row per contact and debt that is such a contact or may be one
-- params:
--   valid_from date: first local day of this version of the rule
--   valid_to date: its last local day, included
--   other_channels text: channels, separated by commas; empty for all (likewise below)
--   other_directions text: directions
--   other_outcomes text: outcomes
--   other_styles text: styles
--   other_purposes text: purposes
--   other_roles text: roles
--   other_places text: places
--   other_callers text: caller types
--   scope text: what counts together: lender, agency, person, debtor, debt, contact_point
-- columns:
--   contact_key integer: the contact
--   contact_id text: the log's number
--   channel text: as in contacts
--   started_at instant: when (UTC)
--   local_date date: day in the debtor's zone
--   local_isodow integer: weekday, Monday 1
--   scope_lender text: as in judged_contacts
--   scope_agency text: as in judged_contacts
--   scope_person integer: as in judged_contacts
--   scope_debtor integer: as in judged_contacts
--   scope_debt integer: as in judged_contacts
--   scope_point integer: as in judged_contacts
--   is_sure boolean: false where a missing value leaves it open
-- notes: a conversation counts to every debt it was opened on or that was discussed
with filtered as (
    select
        contacts.*,
        ($other_channels = '' or list_contains(string_split($other_channels, ','), contacts.channel))
        and ($other_directions = '' or list_contains(string_split($other_directions, ','), contacts.direction))
        and (
            $other_outcomes = ''
            or list_contains(string_split($other_outcomes, ','), nullif(contacts.outcome, 'unknown'))
        )
        and ($other_styles = '' or list_contains(string_split($other_styles, ','), contacts.style))
        and ($other_purposes = '' or list_contains(string_split($other_purposes, ','), contacts.purpose))
        and ($other_roles = '' or list_contains(string_split($other_roles, ','), contacts.role))
        and ($other_places = '' or list_contains(string_split($other_places, ','), contacts.place))
        and ($other_callers = '' or list_contains(string_split($other_callers, ','), contacts.caller_type)) as is_other
    from contacts
    where coalesce(contacts.local_date, cast(contacts.started_at as date)) between $valid_from and $valid_to
),

told as (
    select
        filtered.contact_key,
        contact_debts.account_key
    from filtered
    inner join contact_debts on filtered.contact_key = contact_debts.contact_key
    where
        list_contains(string_split($scope, ','), 'debt')
        and coalesce(filtered.is_other, true)
        and (contact_debts.opened_by_collector or contact_debts.discussed)
)

select
    filtered.contact_key,
    filtered.contact_id,
    filtered.channel,
    filtered.started_at,
    filtered.local_date,
    filtered.local_isodow,
    case when list_contains(string_split($scope, ','), 'lender') then coalesce(filtered.creditor, '') else '' end
        as scope_lender,
    case when list_contains(string_split($scope, ','), 'agency') then coalesce(filtered.firm, '') else '' end
        as scope_agency,
    case when list_contains(string_split($scope, ','), 'person') then filtered.person_key else 0 end as scope_person,
    case when list_contains(string_split($scope, ','), 'debtor') then filtered.debtor_key else 0 end as scope_debtor,
    case when list_contains(string_split($scope, ','), 'debt') then coalesce(told.account_key, filtered.account_key) else 0 end
        as scope_debt,
    case when list_contains(string_split($scope, ','), 'contact_point') then filtered.contact_point_key else 0 end
        as scope_point,
    filtered.is_other is not null as is_sure
from filtered
left join told on filtered.contact_key = told.contact_key
where coalesce(filtered.is_other, true)
