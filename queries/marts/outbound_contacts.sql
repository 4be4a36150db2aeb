-- question: Whom did each outbound contact reach, and how late was the account by then?
-- grain: one row per outbound contact, in order of day and account
-- columns: contact_key, account_key, debtor_key, contact_id, contacted_on, channel, collector_id, outcome, state,
--   is_connected, is_right_party, isodow, hour
--   account_key: the account it is logged on
--   state: state of the account's last snapshot on or before the day; unknown where it has none
-- notes: connected are conversation, answered_dropped, third_party_answered, wrong_number and delivered. Where right_party is
--   empty, a conversation goes by the party's role, and anything else (a delivered message, a dropped call) reached nobody known
--   to be the debtor. Nothing in a row depends on what came after its day
with seen as (
    select account_key, as_of, state, lead(as_of) over (partition by account_key order by as_of) as next_as_of
    from snapshots
),

judged as (
    select
        contact_key, account_key, debtor_key, contact_id,
        macros.local_day(local_date, started_at) as contacted_on,
        channel, collector_id, outcome, local_isodow, local_time,
        outcome in (
            'conversation', 'answered_dropped', 'third_party_answered', 'wrong_number', 'delivered'
        ) as is_connected,
        case
            when right_party is not null then right_party
            when outcome = 'conversation' then nullif(party_role, 'unknown') = 'debtor'
            else false
        end as said_right_party
    from contacts
    where direction = 'out'
)

select
    judged.contact_key, judged.account_key, judged.debtor_key, judged.contact_id, judged.contacted_on, judged.channel,
    judged.collector_id, judged.outcome,
    coalesce(seen.state, 'unknown') as state,
    judged.is_connected,
    case when judged.is_connected then judged.said_right_party else false end as is_right_party,
    judged.local_isodow as isodow,
    case when judged.local_time <> time '00:00:00' then cast(extract(hour from judged.local_time) as bigint) end as hour
from judged
left join seen
    on
        judged.account_key = seen.account_key
        and judged.contacted_on >= seen.as_of
        and judged.contacted_on < coalesce(seen.next_as_of, date '9999-12-31')
order by judged.contacted_on, judged.account_key, judged.contact_key
