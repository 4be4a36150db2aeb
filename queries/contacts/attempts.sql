-- question: What came of each outbound contact, and how late was the account then?
-- grain: one row per outbound contact
-- uses: contacts/reached
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
with contact_days as (
    select distinct
        account_key,
        contacted_on
    from reached
),

last_snapshot as (
    select
        contact_days.account_key,
        contact_days.contacted_on,
        max(snapshots.as_of) as as_of
    from contact_days
    inner join snapshots on contact_days.account_key = snapshots.account_key
    where snapshots.as_of <= contact_days.contacted_on
    group by contact_days.account_key, contact_days.contacted_on
)

select
    accounts.currency,
    reached.contact_id,
    accounts.account_id,
    accounts.product,
    accounts.branch,
    reached.contacted_on,
    reached.channel,
    reached.collector_id,
    reached.outcome,
    coalesce(snapshots.state, 'unknown') as bucket,
    reached.is_connected,
    reached.is_right_party,
    reached.debtor_key,
    reached.isodow,
    reached.hour
from reached
inner join accounts on reached.account_key = accounts.account_key
left join last_snapshot
    on reached.account_key = last_snapshot.account_key and reached.contacted_on = last_snapshot.contacted_on
left join snapshots
    on last_snapshot.account_key = snapshots.account_key and last_snapshot.as_of = snapshots.as_of
