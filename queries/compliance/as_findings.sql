-- question: What is each verdict about: who was contacted, when, by whom, about which debt, under which clause?
-- grain: one row per contact and debt with one of the wanted verdicts
-- for: rules
-- uses: compliance/count_cap as verdicts
-- params:
--   pack_id text: rule pack
--   pack_version text: version of its file
--   rule_id text: the rule
--   kind text: kind of rule
--   modality text: must, presumption, should or advised
--   cite text: the clause
--   grace_until date: last day of the grace period; a day long past where there is none
--   wanted text: verdicts wanted, separated by commas
--   from_date date: first local day of contacts to show
--   to_date date: last local day, included
-- columns: finding_key, pack_id, pack_version, rule_id, kind, verdict, modality, in_grace, contact_key, account_key,
--   debtor_key, contact_id, account_id, debtor_id, person_id, collector_id, team, agency_id, channel, started_at, local_date,
--   local_time, counted, limit_count, evidence, reason, detail, cite
--   account_key: the debt it counts to
--   person_id: who was contacted; the debtor where the log names nobody
--   local_time time: wall time in the debtor's zone
--   counted integer: contacts counted at this one, itself included
-- notes: verdicts is the answer of the rule's kind, count_cap or another of the eight, with the rule's own parameters
select
    cast($rule_id || '/' || contacts.contact_id || '/' || accounts.account_id as varchar) as finding_key,
    cast($pack_id as varchar) as pack_id,
    cast($pack_version as varchar) as pack_version,
    cast($rule_id as varchar) as rule_id,
    cast($kind as varchar) as kind,
    verdicts.verdict,
    cast($modality as varchar) as modality,
    macros.local_day(contacts.local_date, contacts.started_at) <= $grace_until as in_grace,
    contacts.contact_key, accounts.account_key, accounts.debtor_key, contacts.contact_id, accounts.account_id,
    debtors.debtor_id,
    coalesce(contacts.person_id, debtors.debtor_id) as person_id,
    contacts.collector_id, contacts.team, contacts.firm as agency_id, contacts.channel, contacts.started_at,
    contacts.local_date, contacts.local_time, verdicts.counted, verdicts.limit_count, verdicts.evidence,
    verdicts.reason, verdicts.detail,
    cast($cite as varchar) as cite
from verdicts
inner join contacts on verdicts.contact_key = contacts.contact_key
inner join accounts on verdicts.debt_key = accounts.account_key
inner join debtors on accounts.debtor_key = debtors.debtor_key
where
    macros.is_listed(verdicts.verdict, $wanted)
    and macros.local_day(contacts.local_date, contacts.started_at) between $from_date and $to_date
