-- question: What came of each outbound contact, and how late was the account then?
-- grain: one row per outbound contact
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
-- columns: currency, contact_id, account_id, product, branch, contacted_on, channel, collector_id, outcome, bucket,
--   is_connected, is_right_party, debtor_key, isodow, hour
--   bucket: M0 to M7+, paid_off or written_off at the account's last snapshot on or before that day; unknown without one
-- notes: a contact about several debts counts once, on the account it is logged on
select
    accounts.currency, outbound_contacts.contact_id, accounts.account_id, accounts.product, accounts.branch,
    outbound_contacts.contacted_on, outbound_contacts.channel, outbound_contacts.collector_id,
    outbound_contacts.outcome, outbound_contacts.state as bucket, outbound_contacts.is_connected,
    outbound_contacts.is_right_party, outbound_contacts.debtor_key, outbound_contacts.isodow, outbound_contacts.hour
from outbound_contacts
inner join accounts on outbound_contacts.account_key = accounts.account_key
where outbound_contacts.contacted_on between $from_date and $to_date
