-- question: Which teams, channels or agencies did the breaching contacts come from?
-- grain: one row per team, channel or agency with contacts in the period
-- uses: compliance/group_rates
-- columns: group_name, n_contacts, n_breaching, n_unknown, n_debtors, breach_squares, rate, rate_low, rate_high
--   group_name: the team, channel or agency; empty where the log does not say, or for own staff
--   n_unknown: of these, not assessable by at least one rule and in breach of none
--   n_debtors: debtors with a breaching contact
--   rate ratio: n_breaching / n_contacts
-- notes: contacts of one debtor are not independent: limits are Wilson's at the number of independent contacts that would be as
--   sure as the ratio of sums over debtors is, at most n_contacts; where none broke a rule, for n_contacts
select group_name, n_contacts, n_breaching, n_unknown, n_debtors, breach_squares, rate, rate_low, rate_high
from group_rates
order by n_breaching desc, n_contacts desc, group_name
