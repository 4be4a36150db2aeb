-- question: Which outbound contacts make up one row of the funnel?
-- grain: one row per outbound contact; rows and promises add up to that row of funnel
-- uses: contacts/attempts, contacts/contact_promises
-- params:
--   bucket text: the account's bucket then
--     one of: buckets, paid_off, written_off, unknown, all
--   channel text = all: by what means
--     one of: contacts.channel, all
--   isodow integer = 0: weekday in the debtor's zone, Monday 1, or 0 for all
--     range: 0 to 7
--   hour integer = -1: hour of the debtor's day, or -1 for all
--     range: -1 to 23
--   step text = attempts: only contacts that got that far
--     one of: attempts, connected, right_party, promises, kept
-- columns: currency, contact_id, account_id, product, branch, contacted_on, channel, collector_id, outcome, bucket,
--   is_connected, is_right_party, n_promises, n_kept, isodow, hour
--   bucket: the account's then
--   is_right_party: the debtor was reached; null in a talk where the log does not say
--   n_promises: promises made in it
--   n_kept: of these, kept by to_date
with promised as (
    select contact_id, count(*) as n_promises, count(*) filter (where is_kept) as n_kept
    from contact_promises
    group by contact_id
)

select
    attempts.currency, attempts.contact_id, attempts.account_id, attempts.product, attempts.branch,
    attempts.contacted_on, attempts.channel, attempts.collector_id, attempts.outcome, attempts.bucket,
    attempts.is_connected, attempts.is_right_party,
    coalesce(promised.n_promises, 0) as n_promises,
    coalesce(promised.n_kept, 0) as n_kept,
    attempts.isodow, attempts.hour
from attempts
left join promised on attempts.contact_id = promised.contact_id
where
    ($bucket = 'all' or attempts.bucket = $bucket)
    and ($channel = 'all' or attempts.channel = $channel)
    and (cast($isodow as integer) = 0 or attempts.isodow = $isodow)
    and (cast($hour as integer) = -1 or attempts.hour = $hour)
    and case $step
        when 'connected' then attempts.is_connected
        when 'right_party' then coalesce(attempts.is_right_party, false)
        when 'promises' then coalesce(promised.n_promises, 0) > 0
        when 'kept' then coalesce(promised.n_kept, 0) > 0
        else true
    end
order by attempts.contacted_on, attempts.contact_id
