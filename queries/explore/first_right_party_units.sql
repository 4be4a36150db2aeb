-- question: How many days after an account entered a bucket was the debtor first reached?
-- grain: one row per stay in a bucket that began in the period and in which the debtor was reached
-- params:
--   from_date date: first day of entry
--   to_date date: last day of entry, included; nothing after it is used
-- columns: account_id, unit_id, unit_on, currency, product, branch, bucket, channel, team, collector_id, stage, n_units,
--   numerator, denominator
--   unit_id: the first contact with the debtor in that stay
--   unit_on: the day on which the account came into the bucket from a lower one
--   channel: of that contact
--   stage: stage of the process; empty, as the metric has none
--   n_units: how many stays the row stands for
--   numerator: days from entry to that contact, 0 on the day itself
-- notes: a stay ends where the next bucket begins or the oldest unpaid due date changes, or the account is written off. Stays
--   in which the debtor was not reached have no row, so a bucket that is left soon counts its quick ones only
with bounds as (
    select bucket, cast(from_days as integer) as from_days, cast(to_days as integer) as to_days
    from buckets
    where bucket_no > 0
),

entries as (
    select
        overdue_runs.account_key, bounds.bucket,
        overdue_runs.counted_from + bounds.from_days as entered_on,
        least(
            coalesce(overdue_runs.to_on, $to_date),
            coalesce(overdue_runs.counted_from + bounds.to_days, $to_date),
            $to_date
        ) as left_on
    from overdue_runs
    cross join bounds
    where
        not overdue_runs.is_written_off
        and overdue_runs.counted_from + bounds.from_days
        between overdue_runs.from_on and coalesce(overdue_runs.to_on, $to_date)
        and overdue_runs.counted_from + bounds.from_days between $from_date and $to_date
),

reached as (
    select
        entries.account_key, entries.bucket, entries.entered_on, outbound_contacts.contact_id,
        outbound_contacts.channel, outbound_contacts.collector_id, outbound_contacts.contacted_on,
        row_number() over (
            partition by entries.account_key, entries.bucket, entries.entered_on
            order by outbound_contacts.contacted_on, outbound_contacts.contact_key
        ) as nth
    from entries
    inner join outbound_contacts
        on
            entries.account_key = outbound_contacts.account_key
            and entries.entered_on <= outbound_contacts.contacted_on
            and entries.left_on >= outbound_contacts.contacted_on
    where outbound_contacts.is_right_party
)

select
    accounts.account_id, reached.contact_id as unit_id, reached.entered_on as unit_on, accounts.currency,
    accounts.product, accounts.branch, reached.bucket, reached.channel,
    cast(null as varchar) as team,
    reached.collector_id,
    cast(null as varchar) as stage,
    cast(1 as bigint) as n_units,
    cast(reached.contacted_on - reached.entered_on as decimal(18, 2)) as numerator,
    cast(1 as decimal(18, 2)) as denominator
from reached
inner join accounts on reached.account_key = accounts.account_key
where reached.nth = 1
