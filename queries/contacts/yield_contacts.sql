-- question: Which outbound contacts reached the debtor, and did each end in a promise, and in one that was kept?
-- grain: one row per right-party contact; rows add up to promise_yield's
-- uses: contacts/attempts, promises/promise_ledger
-- params:
--   bucket text = all: the account's bucket then
--     one of: buckets, paid_off, written_off, unknown, all
--   channel text = all: by what means
--     one of: contacts.channel, all
-- columns: currency, contact_id, account_id, debtor_key, product, branch, contacted_on, channel, collector_id, bucket,
--   is_promising, is_kept, is_pending
--   bucket: the account's then
--   is_kept: it ended in a promise that was kept by as_of
--   is_pending: it ended in a promise that is still pending, and in none that was kept
with promised as (
    select contact_id, bool_or(state = 'kept') as is_kept, bool_or(state = 'pending') as is_pending
    from promise_ledger
    where contact_id is not null
    group by contact_id
)

select
    attempts.currency, attempts.contact_id, attempts.account_id, attempts.debtor_key, attempts.product, attempts.branch,
    attempts.contacted_on, attempts.channel, attempts.collector_id, attempts.bucket,
    promised.contact_id is not null as is_promising,
    coalesce(promised.is_kept, false) as is_kept,
    coalesce(promised.is_pending and not promised.is_kept, false) as is_pending
from attempts
left join promised on attempts.contact_id = promised.contact_id
where
    attempts.is_right_party
    and ($bucket = 'all' or attempts.bucket = $bucket)
    and ($channel = 'all' or attempts.channel = $channel)
