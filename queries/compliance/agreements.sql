-- question: For which contacts had the debtor consented, or agreed to something else than the rule's limit?
-- grain: one row per contact and debt for which such a flag held
-- for: rules
-- uses: compliance/covered_contacts
-- params:
--   consent_flag text: kind of flag that exempts while it lasts
--   consent_days integer: dates it lasts at most, its first included; 0 for no limit
--   consent_ends_on_conversation boolean: a later conversation about the debt ends it
--   agreed_flag text: kind of flag by which an agreement takes the place of the limit
--   agreed_per text: day, week or month for which an agreed number must be
--   known_then boolean: judge by what was known at the time, not by what is known now
-- columns: contact_key, debt_key, agreed_by, agreed_count, consented_by, consent_known_at
-- notes: consent given on one day is not ended by a conversation of that same day
with flagged as (
    select
        covered_contacts.contact_key, covered_contacts.debt_key, covered_contacts.account_key,
        covered_contacts.contact_id, covered_contacts.started_at, flags.flag_id, flags.kind, flags.valid_from,
        flags.valid_from_on, coalesce(flags.known_from, flags.valid_from) as known_at
    from covered_contacts
    inner join flags on covered_contacts.debtor_key = flags.debtor_key
    where
        flags.kind in ($consent_flag, $agreed_flag)
        and (flags.account_key is null or flags.account_key = covered_contacts.debt_key)
        and (flags.person_id is null or flags.person_id = covered_contacts.person_id or covered_contacts.person_id is null)
        and flags.valid_from <= covered_contacts.started_at
        and (flags.valid_to is null or covered_contacts.started_at < flags.valid_to)
        and (
            flags.kind = $agreed_flag or $consent_days = 0
            or date_diff('day', flags.valid_from_on, covered_contacts.local_date) < $consent_days
        )
),

spent as (
    select distinct flagged.contact_key, flagged.debt_key, flagged.flag_id
    from flagged
    inner join contacts on flagged.debt_key = contacts.account_key
    where
        $consent_ends_on_conversation
        and flagged.kind = $consent_flag
        and contacts.channel = 'call'
        and contacts.outcome = 'conversation'
        and contacts.started_at > flagged.valid_from
        and contacts.local_date > flagged.valid_from_on
        and (contacts.started_at, contacts.contact_id) < (flagged.started_at, flagged.contact_id)
)

select
    flagged.contact_key, flagged.debt_key,
    max(case when flagged.kind = $agreed_flag and flagged.is_known then flagged.flag_id end) as agreed_by,
    max(case when flagged.kind = $agreed_flag and flagged.is_known then terms.max_count end) as agreed_count,
    max(case when flagged.kind = $consent_flag and flagged.is_known and spent.flag_id is null then flagged.flag_id end)
        as consented_by,
    min(case when flagged.kind = $consent_flag and spent.flag_id is null then flagged.known_at end) as consent_known_at
from (select *, not $known_then or known_at <= started_at as is_known from flagged) as flagged
left join flag_terms as terms
    on flagged.flag_id = terms.flag_id and (terms.per is null or terms.per = $agreed_per)
left join spent
    on flagged.contact_key = spent.contact_key and flagged.debt_key = spent.debt_key and flagged.flag_id = spent.flag_id
group by flagged.contact_key, flagged.debt_key
