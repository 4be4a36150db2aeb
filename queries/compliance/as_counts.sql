-- question: How many contacts got which verdict, by day, place in the book and who made them?
-- grain: one row per verdict, reason, local day, branch, product, currency, team, channel and agency
-- uses: compliance/count_cap as verdicts
-- params:
--   rule_id text: the rule
-- columns:
--   rule_id text: the rule
--   verdict text: breach, ok, exempt or unknown
--   reason text: code of the reason; empty for ok
--   local_date date: day in the debtor's zone
--   branch text: branch of the debt
--   product text: product of the debt
--   currency text: ISO 4217 code
--   team text: team of the collector
--   channel text: as in contacts
--   agency_id text: agency that made it; empty: own staff
--   n_contacts integer: contacts judged
-- notes: verdicts is the answer of the rule's kind, count_cap or another of the eight, with the rule's own parameters
select
    cast($rule_id as varchar) as rule_id,
    verdicts.verdict,
    verdicts.reason,
    contacts.local_date,
    accounts.branch,
    accounts.product,
    accounts.currency,
    contacts.team,
    contacts.channel,
    contacts.firm as agency_id,
    count(*) as n_contacts
from verdicts
inner join contacts on verdicts.contact_key = contacts.contact_key
inner join accounts on verdicts.debt_key = accounts.account_key
group by
    verdicts.verdict, verdicts.reason, contacts.local_date, accounts.branch, accounts.product, accounts.currency,
    contacts.team, contacts.channel, contacts.firm
