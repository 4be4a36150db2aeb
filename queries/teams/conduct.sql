-- question: How often did the contacts of each collector or team break a rule?
-- grain: one row per collector or team with outbound contacts in the period
-- uses: teams/conduct_contacts as grouped_contacts, compliance/group_rates
-- columns: group_name, team, n_contacts, n_breaching, n_unknown, breach_squares, rate, rate_low, rate_high
--   group_name: the collector or team; empty where the log does not say
--   team: team as the log names it; of a collector with several, the last by name
--   n_unknown: of these, not assessable by at least one rule and in breach of none
--   rate ratio: n_breaching / n_contacts
-- notes: all rule packs together, as judged when the book was built. Contacts that the log gives to nobody (most messages) are
--   one row without a name. Contacts of one debtor are not independent: limits are Wilson's at the number of independent contacts
--   that would be as sure as the ratio of sums over debtors is, at most n_contacts; where none broke a rule, for n_contacts
select group_name, team, n_contacts, n_breaching, n_unknown, breach_squares, rate, rate_low, rate_high
from group_rates
order by group_name
