-- question: How far do outbound contacts get: connected, right party, promise, kept?
-- grain: one row per bucket and channel that has outbound contacts
-- uses: contacts/attempts, contacts/contact_promises
-- columns: bucket, channel, n_attempts, n_connected, n_right_party, n_promises, n_kept
--   bucket: M0 to M7+, paid_off or written_off at the last snapshot on or before the contact; unknown without one
--   n_attempts: outbound contacts
--   n_promises: promises made in these attempts; null where no promise in the book names its contact
--   n_kept: of these, kept by to_date; null likewise
-- notes: a rate's denominator is the reader's choice and must be printed with it. n_promises counts promises, also of contacts
--   not marked right party. n_kept is early for young promises: many of those not kept at to_date are still pending
with promised as (
    select contact_id, count(*) as n_promises, count(*) filter (where is_kept) as n_kept
    from contact_promises
    group by contact_id
),

linked as (
    select count(contact_id) > 0 as has_links
    from promises
)

select
    attempts.bucket, attempts.channel,
    count(*) as n_attempts,
    count(*) filter (where attempts.is_connected) as n_connected,
    case
        when bool_and(attempts.is_right_party is not null) or bool_or(attempts.is_right_party)
            then count(*) filter (where attempts.is_right_party)
    end as n_right_party,
    case when linked.has_links then cast(coalesce(sum(promised.n_promises), 0) as bigint) end as n_promises,
    case when linked.has_links then cast(coalesce(sum(promised.n_kept), 0) as bigint) end as n_kept
from attempts
cross join linked
left join promised on attempts.contact_id = promised.contact_id
left join buckets on attempts.bucket = buckets.bucket
group by attempts.bucket, attempts.channel, buckets.bucket_no, linked.has_links
order by coalesce(buckets.bucket_no, 99), attempts.bucket, attempts.channel
