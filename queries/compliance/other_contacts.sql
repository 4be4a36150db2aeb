-- question: Which contacts are the other half of a rule: the triggers of a quiet period, the earlier steps that a contact needs?
-- grain: one row per contact and debt that is such a contact or may be one
-- for: rules
-- uses: compliance/debt_marks
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
-- columns: contact_key, contact_id, channel, started_at, local_date, local_isodow, scope_lender, scope_agency, scope_person,
--   scope_debtor, scope_debt, scope_point, is_sure
-- notes: a conversation counts to every debt it was opened on or that was discussed; to its own where no debt is marked, and
--   then perhaps to the others. A call that two systems logged is here once
with filtered as (
    select
        contacts.*,
        macros.is_wanted(contacts.channel, $other_channels)
        and macros.is_wanted(contacts.direction, $other_directions)
        and (
            $other_outcomes = ''
            or macros.is_listed(nullif(contacts.outcome, 'unknown'), $other_outcomes)
        )
        and macros.is_wanted(contacts.style, $other_styles)
        and macros.is_wanted(contacts.purpose, $other_purposes)
        and macros.is_wanted(contacts.role, $other_roles)
        and macros.is_wanted(contacts.place, $other_places)
        and macros.is_wanted(contacts.caller_type, $other_callers) as is_other
    from contacts
    where
        macros.local_day(contacts.local_date, contacts.started_at) between $valid_from and $valid_to
        and contacts.duplicate_of is null
),

told as (
    select
        filtered.contact_key, debt_marks.account_key, filtered.account_key as own_key,
        debt_marks.is_opened or debt_marks.is_discussed as is_counted
    from filtered
    inner join debt_marks on filtered.contact_key = debt_marks.contact_key
    where macros.is_listed('debt', $scope) and coalesce(filtered.is_other, true)
),

sure as (
    select distinct contact_key
    from told
    where is_counted
),

debts as (
    select contact_key, account_key as debt_key, is_counted is not null as is_sure
    from told
    where coalesce(is_counted, account_key <> own_key)
    union all
    select filtered.contact_key, filtered.account_key as debt_key, true as is_sure
    from filtered
    left join sure on filtered.contact_key = sure.contact_key
    where sure.contact_key is null and coalesce(filtered.is_other, true)
)

select
    filtered.contact_key, filtered.contact_id, filtered.channel, filtered.started_at, filtered.local_date,
    filtered.local_isodow,
    case when macros.is_listed('lender', $scope) then coalesce(filtered.creditor, '') else '' end
        as scope_lender,
    case when macros.is_listed('agency', $scope) then coalesce(filtered.firm, '') else '' end
        as scope_agency,
    case when macros.is_listed('person', $scope) then filtered.person_key else 0 end as scope_person,
    case when macros.is_listed('debtor', $scope) then filtered.debtor_key else 0 end as scope_debtor,
    case when macros.is_listed('debt', $scope) then debts.debt_key else 0 end as scope_debt,
    case when macros.is_listed('contact_point', $scope) then filtered.contact_point_key else 0 end
        as scope_point,
    filtered.is_other is not null and debts.is_sure as is_sure
from filtered
inner join debts on filtered.contact_key = debts.contact_key
