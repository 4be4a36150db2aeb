"""Days past due and balances from instalments and payments, at month-ends and at 30-day steps.

Payments pay the oldest instalment first; the day after the due date of the oldest instalment not fully paid is
day 1, or the due date itself where the settings say so. Within the days of grace an instalment is not past due; after
them it is since day 1. A reversal counts from its own date. The balance is every instalment not yet paid, due or not.
"""

from __future__ import annotations

import datetime as dt

from duewatch.contract.localised_errors import LocalisedText
from duewatch.ingest.book_tables import Assembly, state_sql
from duewatch.ingest.build_connection import BuildConnection, fill

LAST_EVENT = """
select max(day) from (
    select max(paid_on) as day from book.payments
    union all select max(coalesce(local_date, started_at::date)) from book.contacts
    union all select max(made_on) from book.promises
    union all select max(opened_on) from book.disputes)
"""
"""The latest thing that can only have been written down once it had happened. Due dates may lie in the future."""


def derive_states(
    job: Assembly, *, tables: frozenset[str], observed_until: dt.date | None
) -> tuple[LocalisedText, ...]:
    """Month-end snapshots where the source has none, and the 30-day states. Returns notes."""
    if not {"instalments", "payments"} <= tables:
        return ()
    build_db = job.build_db
    _ledger(job)
    until = last_day_of_source(build_db, observed_until)
    if until is None:
        return (LocalisedText("reading.no_end"),)
    notes: tuple[LocalisedText, ...] = ()
    if "snapshots" not in tables:
        _month_ends(job, until)
        notes = (LocalisedText("reading.derived", {"day": until.isoformat()}),)
        bare = build_db.count("select count(*) from account_keys anti join owed using (account_key)")
        if bare:
            notes += (LocalisedText("reading.no_instalments", {"n": bare}),)
    elif (day := _only_day(job)) is not None:
        _month_ends(job, day - dt.timedelta(days=1))
        build_db.run("create table snapshots_in_order as from book.snapshots order by as_of, account_key")
        build_db.run("delete from book.snapshots")
        build_db.run("insert into book.snapshots by name from snapshots_in_order order by as_of, account_key")
        notes = (LocalisedText("reading.rebuilt", {"day": day.isoformat()}),)
    _thirty_day_steps(job)
    return notes


def _only_day(job: Assembly) -> dt.date | None:
    """The snapshot day of a book that has one alone: the month-ends before it follow from instalments and payments."""
    days = job.build_db.rows("select distinct as_of from book.snapshots limit 2")["as_of"].to_list()
    return days[0] if len(days) == 1 else None


def last_day_of_source(build_db: BuildConnection, observed_until: dt.date | None) -> dt.date | None:
    """The day the source ends on: as the mapping says, else that of the latest event."""
    if observed_until is not None:
        return observed_until
    return build_db.con.execute(LAST_EVENT).fetchone()[0]  # type: ignore[index,no-any-return]


def _ledger(job: Assembly) -> None:
    """Running sums an account: what was due and what was paid, so that a state is three look-ups. `counted_from`: the
    day before day 1 past due; `grace_until`: the last day on which the instalment is not yet past due."""
    build_db = job.build_db
    build_db.run(
        """create table dues as
           select account_key, due_on, seq, amount,
                  due_on - {inclusive} as counted_from, due_on - {inclusive} + {grace} as grace_until,
                  sum(amount) over (partition by account_key order by due_on, seq nulls last, amount
                                    rows unbounded preceding) as due_so_far
           from book.instalments where amount > 0""",
        inclusive=str(int(job.settings.due_date_is_day_one)),
        grace=str(job.settings.days_of_grace),
    )
    build_db.run(
        """create table due_days as
           select account_key, due_on, counted_from, grace_until, max(due_so_far) as due_so_far
           from dues group by all"""
    )
    build_db.run(
        """create table paid_days as
           select account_key, paid_on, sum(sum(net_amount)) over (partition by account_key order by paid_on) as paid
           from book.payments group by account_key, paid_on"""
    )
    build_db.run("create table owed as select account_key, max(due_so_far) as total from dues group by account_key")


def states_at(grid: str) -> str:
    """`grid` has account_key and as_of. Returns a FROM item that adds days_past_due, balance, overdue_amount,
    oldest_due_on, for accounts with instalments."""
    return fill(
        """(select s.account_key, s.as_of, s.paid >= s.total as is_paid,
                   greatest(s.total - s.paid, 0) as balance,
                   greatest(coalesce(b.due_so_far, 0) - s.paid, 0) as overdue_amount,
                   d.due_on as oldest_due_on,
                   case when d.grace_until < s.as_of then s.as_of - d.counted_from else 0 end as days_past_due
            from (select g.account_key, g.as_of, o.total, greatest(coalesce(p.paid, 0), 0) as paid
                  from {grid} g join owed o on o.account_key = g.account_key
                  asof left join paid_days p on p.account_key = g.account_key and g.as_of >= p.paid_on) s
            asof left join dues d on d.account_key = s.account_key and s.paid < d.due_so_far
            asof left join due_days b on b.account_key = s.account_key and s.as_of > b.grace_until)""",
        grid=grid,
    )


def _month_ends(job: Assembly, until: dt.date) -> None:
    """From the first month-end on or after opening to the last on or before `until`; after full payment one last
    row, paid_off with balance 0 (rows resume if a reversal undoes the payment)."""
    build_db = job.build_db
    build_db.run(
        """create table month_ends as
           select a.account_key, last_day(m.month::date) as as_of
           from account_keys a, lateral (
               select unnest(generate_series(date_trunc('month', a.opened_on)::timestamp,
                                             date_trunc('month', date '{until}')::timestamp, interval 1 month)) as month
           ) m where last_day(m.month::date) <= date '{until}'""",
        until=until.isoformat(),
    )
    build_db.run(
        """insert into book.snapshots by name
           with states as (select *, coalesce(lag(is_paid) over (partition by account_key order by as_of), false)
                                     as was_paid from {states}),
           kept as (select *, case when is_paid then 'paid_off' else 'active' end as status
                    from states where not (is_paid and was_paid))
           select account_key, as_of, days_past_due, balance, overdue_amount, oldest_due_on, status,
                  {state} as state, true as is_derived
           from kept order by as_of, account_key""",
        states=states_at("month_ends"),
        state=state_sql(job.settings, "days_past_due", "status"),
    )


def _thirty_day_steps(job: Assembly) -> None:
    """The last snapshot day and back in steps of 30 days as far as snapshots reach, for accounts opened by then."""
    build_db = job.build_db
    build_db.run(
        """create table steps as
           select a.account_key, s.as_of
           from (select unnest(range((last - first) // 30 + 1)) as n, last - (n * 30)::integer as as_of
                 from (select max(as_of) as last, min(as_of) as first from book.snapshots) where last is not null) s
           join account_keys a on a.opened_on <= s.as_of"""
    )
    build_db.run(
        """create table written_off as
           select account_key, min(as_of) as since from book.snapshots where status = 'written_off' group by all"""
    )
    build_db.run(
        """insert into book.thirty_day_states by name
           with states as (
               select s.*, w.since is not null and w.since <= s.as_of as is_written_off,
                      coalesce(lag(is_paid) over (partition by s.account_key order by s.as_of), false) as was_paid
               from {states} s left join written_off w on w.account_key = s.account_key),
           kept as (
               select *, case when is_written_off then 'written_off' when is_paid then 'paid_off' end as status
               from states where is_written_off or not (is_paid and was_paid))
           select account_key, as_of, days_past_due, balance, {state} as state from kept order by as_of, account_key""",
        states=states_at("steps"),
        state=state_sql(job.settings, "days_past_due", "coalesce(status, '')"),
    )
