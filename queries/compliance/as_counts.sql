-- question: How many contacts got which verdict, by day, place in the book and who made them?
-- grain: one row per verdict, reason, local day, branch, product, currency, team, channel and agency
-- for: rules
-- uses: compliance/count_cap as verdicts
-- params:
--   rule_id text: the rule
-- columns: rule_id, verdict, reason, local_date, branch, product, currency, team, channel, agency_id, n_contacts
--   n_contacts: contacts judged
-- notes: verdicts is the answer of the rule's kind, count_cap or another of the eight, with the rule's own parameters
select
    cast($rule_id as varchar) as rule_id,
    verdicts.verdict, verdicts.reason, contacts.local_date, accounts.branch, accounts.product, accounts.currency,
    contacts.team, contacts.channel, contacts.firm as agency_id,
    count(*) as n_contacts
from verdicts
inner join contacts on verdicts.contact_key = contacts.contact_key
inner join accounts on verdicts.debt_key = accounts.account_key
group by
    verdicts.verdict, verdicts.reason, contacts.local_date, accounts.branch, accounts.product, accounts.currency,
    contacts.team, contacts.channel, contacts.firm
