"""Spells: maximal runs of days past due above 0, the unit in which "first" and "before" are judged.

An account with instalments and payments is followed day by day: it is overdue on each day on which more was due before
that day (by that day, where the due date is day 1) than had been paid by its end, days of grace aside. Without them a
spell is read from snapshots: it begins on the first day past due that the first overdue snapshot tells, but after the
snapshot before it, by which the account was not overdue (a payment that bounced makes days past due that go back
further). What happened between two snapshots is not known.

A spell may be long and yet never old: who pays one instalment late each month stays overdue, but the oldest unpaid due
date moves on. So beside the spells stand the stretches of days with one oldest unpaid due date; days past due on a day
is that day minus this date (plus 1 where the due date is day 1), which is what stages go by.
"""

from __future__ import annotations

import datetime as dt

from duewatch.ingest.book_tables import Assembly


def derive_spells(job: Assembly, *, tables: frozenset[str], until: dt.date | None) -> None:
    """Fills book.spells. `until`: the last day the source tells of. The ledger of derive_states must stand where both
    instalments and payments were given."""
    build_db = job.build_db
    is_daily = {"instalments", "payments"} <= tables and until is not None
    build_db.run("create table runs (account_key integer, started_on date, ended_on date, basis varchar)")
    build_db.run("create table stretches (account_key integer, from_on date, to_on date, oldest_due_on date)")
    if is_daily:
        build_db.run(
            """create table levels as
               with turns as (select account_key, grace_until + 1 as day from due_days
                              union select account_key, paid_on as day from paid_days),
               paid_up as (
                   select t.account_key, t.day, greatest(coalesce(p.paid, 0), 0) as paid
                   from (select account_key, day from turns where day <= date '{until}'
                           and account_key in (select account_key from owed)) t
                   asof left join paid_days p on p.account_key = t.account_key and t.day >= p.paid_on)
               select t.account_key, t.day, coalesce(d.due_so_far, 0) > t.paid as is_overdue, o.due_on as oldest_due_on
               from paid_up t
               asof left join due_days d on d.account_key = t.account_key and t.day > d.grace_until
               asof left join due_days o on o.account_key = t.account_key and t.paid < o.due_so_far""",
            until=until.isoformat(),  # type: ignore[union-attr]
        )
        build_db.run(
            """insert into runs
               with changes as (
                   select *, lag(is_overdue, 1, false) over (partition by account_key order by day) as was_overdue
                   from levels),
               edges as (
                   select account_key, day, is_overdue,
                          lead(day) over (partition by account_key order by day) as next_day
                   from changes where is_overdue <> was_overdue)
               select account_key, day, next_day - 1, 'daily' from edges where is_overdue"""
        )
        build_db.run(
            """insert into stretches
               with marked as (
                   select *, lead(day) over by_day as next_day,
                          is_overdue is distinct from lag(is_overdue) over by_day
                          or oldest_due_on is distinct from lag(oldest_due_on) over by_day as is_new
                   from levels window by_day as (partition by account_key order by day)),
               numbered as (
                   select *, count(*) filter (where is_new)
                             over (partition by account_key order by day rows unbounded preceding) as nth from marked)
               select account_key, min(day), case when count(*) = count(next_day) then max(next_day) - 1 end,
                      any_value(oldest_due_on)
               from numbered where is_overdue group by account_key, nth"""
        )
    left_out = "where account_key not in (select account_key from owed)" if is_daily else ""
    build_db.run(
        """insert into runs
           with seen as (
               select account_key, as_of, days_past_due,
                      status is distinct from 'paid_off' and days_past_due > 0 as is_overdue
               from book.snapshots {left_out}),
           changes as (
               select *, lag(is_overdue, 1, false) over (partition by account_key order by as_of) as was_overdue,
                      lag(as_of) over (partition by account_key order by as_of) as day_before,
                      lead(as_of) over (partition by account_key order by as_of) as next_day from seen),
           numbered as (
               select *, count(*) filter (where is_overdue and not was_overdue)
                         over (partition by account_key order by as_of rows unbounded preceding) as nth from changes)
           select account_key,
                  min(greatest(as_of - days_past_due::integer + 1, day_before + 1)) filter (where not was_overdue),
                  case when bool_or(next_is_known and as_of = last_of) then max(as_of) end, 'snapshots'
           from (select *, next_day is not null as next_is_known,
                        max(as_of) over (partition by account_key, nth) as last_of
                 from numbered where is_overdue)
           group by account_key, nth""",
        left_out=left_out,
    )
    build_db.run(
        """insert into stretches
           with seen as (
               select account_key, as_of, days_past_due::integer as days,
                      status is distinct from 'paid_off' and days_past_due > 0 as is_overdue
               from book.snapshots {left_out}),
           placed as (
               select *, lag(is_overdue, 1, false) over (partition by account_key order by as_of) as was_overdue,
                      lead(is_overdue) over (partition by account_key order by as_of) as stays_overdue,
                      lag(as_of) over (partition by account_key order by as_of) as day_before,
                      lead(as_of) over (partition by account_key order by as_of) as next_day from seen)
           select account_key, case when was_overdue then as_of else greatest(as_of - days + 1, day_before + 1) end,
                  case when stays_overdue then next_day - 1 when next_day is not null then as_of end,
                  as_of - days + {inclusive}
           from placed where is_overdue""",
        left_out=left_out,
        inclusive=str(int(job.settings.due_date_is_day_one)),
    )
    build_db.run(
        """insert into book.spells by name
           with gaps as (
               select *, started_on - lag(ended_on) over (partition by account_key order by started_on)
                         <= {days} + 1 as is_same from runs),
           merged as (
               select *, count(*) filter (where is_same is not true)
                         over (partition by account_key order by started_on rows unbounded preceding) as nth from gaps)
           select account_key, nth as spell_no, min(started_on) as started_on,
                  case when count(*) = count(ended_on) then max(ended_on) end as ended_on, any_value(basis) as basis
           from merged group by account_key, nth order by account_key, nth""",
        days=str(job.settings.spell_reopen_days),
    )
    build_db.run(
        """insert into book.overdue_stretches by name
           select t.account_key, s.spell_no, t.from_on, t.to_on, t.oldest_due_on
           from stretches t
           join book.spells s on s.account_key = t.account_key
                and t.from_on between s.started_on and coalesce(s.ended_on, t.from_on)
           order by t.account_key, t.from_on"""
    )
