-- question: How often was each debtor contacted, and on how many days in a row?
-- grain: one row per debtor contacted in the period
-- params:
--   from_date date: first local day
--   to_date date: last local day, included
-- columns: debtor_id, n_contacts, n_days, longest_run, run_from, most_on_a_day
with daily as (
    select debtor_key, local_date, count(*) as n
    from contacts
    where direction = 'out' and local_date between $from_date and $to_date
    group by debtor_key, local_date
),

islands as (
    select
        *,
        date_diff('day', date '2000-01-01', local_date)
        - row_number() over (partition by debtor_key order by local_date) as island
    from daily
),

runs as (
    select debtor_key, count(*) as n_days, min(local_date) as run_from
    from islands
    group by debtor_key, island
),

longest as (
    select *, row_number() over (partition by debtor_key order by n_days desc, run_from desc) as place
    from runs
),

totals as (
    select debtor_key, cast(sum(n) as bigint) as n_contacts, count(*) as n_days, max(n) as most_on_a_day
    from daily
    group by debtor_key
)

select
    debtors.debtor_id, totals.n_contacts, totals.n_days, longest.n_days as longest_run, longest.run_from,
    totals.most_on_a_day
from totals
inner join longest on totals.debtor_key = longest.debtor_key and longest.place = 1
inner join debtors on totals.debtor_key = debtors.debtor_key
order by totals.n_contacts desc, longest.n_days desc, debtors.debtor_id
