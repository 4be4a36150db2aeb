-- question: What came of each outbound contact, and how late was the account then?
-- grain: one row per outbound contact
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
-- columns:
--   currency text: ISO 4217 code of the account
--   contact_id text: the log's number for the contact
--   account_id text: the lender's number
--   product text: product name
--   branch text: branch that booked the account
--   contacted_on date: local day; the UTC day where the debtor's zone is not known
--   channel text: call, sms, email, app, letter, visit, fax or social
--   collector_id text: who made it; empty where the log does not say
--   outcome text: as in the source
--   bucket text: M0 to M7+, paid_off or written_off at the account's last snapshot on or before that day; unknown without one
--   is_connected boolean: somebody answered, or the message was delivered; a voicemail is not
--   is_right_party boolean: connected, and the debtor was the one reached; null in a talk where the log does not say
--   debtor_key integer: the debtor
--   isodow integer: weekday in the debtor's zone, Monday 1; empty where the zone is not known
--   hour integer: hour of the debtor's day, 0 to 23; empty where the zone is not known or the stamp is 00:00:00 exactly
-- notes: a contact about several debts counts once, on the account it is logged on
select
    accounts.currency,
    outbound_contacts.contact_id,
    accounts.account_id,
    accounts.product,
    accounts.branch,
    outbound_contacts.contacted_on,
    outbound_contacts.channel,
    outbound_contacts.collector_id,
    outbound_contacts.outcome,
    outbound_contacts.state as bucket,
    outbound_contacts.is_connected,
    outbound_contacts.is_right_party,
    outbound_contacts.debtor_key,
    outbound_contacts.isodow,
    outbound_contacts.hour
from outbound_contacts
inner join accounts on outbound_contacts.account_key = accounts.account_key
where outbound_contacts.contacted_on between $from_date and $to_date
