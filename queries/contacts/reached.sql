-- question: Whom did each outbound contact reach?
-- grain: one row per outbound contact
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
-- columns: account_key, contact_id, contacted_on, channel, collector_id, outcome, debtor_key, isodow, hour, is_connected,
--   is_right_party
--   account_key: the account it is logged on
-- notes: connected are conversation, answered_dropped, third_party_answered, wrong_number and delivered. Where right_party is
--   empty, a conversation goes by the party's role, and anything else (a delivered message, a dropped call) reached nobody known
--   to be the debtor
select
    account_key, contact_id, contacted_on, channel, collector_id, outcome, debtor_key, isodow, hour, is_connected,
    is_right_party
from outbound_contacts
where contacted_on between $from_date and $to_date
