-- question: Whom did each outbound contact reach?
-- grain: one row per outbound contact
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
-- columns:
--   account_key integer: the account it is logged on
--   contact_id text: the log's number for the contact
--   contacted_on date: local day; the UTC day where the debtor's zone is not known
--   channel text: call, sms, email, app, letter, visit, fax or social
--   collector_id text: who made it; empty where the log does not say
--   outcome text: as in the source
--   debtor_key integer: the debtor
--   isodow integer: weekday in the debtor's zone, Monday 1; empty where the zone is not known
--   hour integer: hour of the debtor's day, 0 to 23; empty where the zone is not known or the stamp is 00:00:00 exactly
--   is_connected boolean: somebody answered, or the message was delivered; a voicemail is not
--   is_right_party boolean: connected, and the debtor was the one reached; null in a talk where the log does not say
-- notes: connected are conversation, answered_dropped, third_party_answered, wrong_number and delivered. Where right_party is
--   empty, a conversation goes by the party's role, and anything else (a delivered message, a dropped call) reached nobody known
--   to be the debtor
select
    account_key,
    contact_id,
    contacted_on,
    channel,
    collector_id,
    outcome,
    debtor_key,
    isodow,
    hour,
    is_connected,
    is_right_party
from outbound_contacts
where contacted_on between $from_date and $to_date
