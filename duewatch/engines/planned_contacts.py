"""A bench beside a book: the log of the debtors a plan concerns, with planned contacts laid into it, so that the same
query files judge what has not happened yet. In memory; the book is attached read-only and never changed."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import polars as pl

from duewatch.books.published import Book
from duewatch.contract.errors import BookError
from duewatch.contract.lender_names import ONE_NAME
from duewatch.contract.schema import BOOK_TABLES
from duewatch.contract.settings import Settings
from duewatch.engines import Scalar
from duewatch.engines.duckdb_engine import fetch_frame
from duewatch.engines.query_files import QueryFile

BY_DEBTOR = ("debtors", "flags", "flag_terms")
BY_ACCOUNT = ("snapshots", "payments", "disputes", "assignments")
BY_CONTACT = ("contact_debts", "contact_zones")
PLACED: dict[str, Any] = {
    "row": pl.Int64,
    "started_at": pl.Datetime("us"),
    "local_date": pl.Date,
    "local_time": pl.Time,
    "asked": pl.Boolean,
}
"""When each planned contact is to be; `asked`: whether its verdict is wanted, or it is only there to be counted."""
BY_STATISTICS = "statistics_propagation,compressed_materialization"
"""What would fit a plan to the rows that lie on the bench when it is made: others are laid there afterwards."""
FEW = 1000
"""Planned contacts up to which their history is so short that a second thread costs more than it helps."""
OneForm = Callable[[str, str | None, str | None, str], str]
"""Number or address, time zones, region code and currency to the number or address as a book has it."""


def unchanged(contact_point: str, zones: str | None, region_code: str | None, currency: str) -> str:
    del zones, region_code, currency
    return contact_point


ZONES: dict[str, Any] = {"row": pl.Int64, "time_zone": pl.String, "local_date": pl.Date, "local_time": pl.Time}


class PlannedContactTables:
    """One plan over one book: `resolve`, then `lay` and `verdicts` as often as wanted."""

    def __init__(self, book: Book, settings: Settings) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="duewatch-bench-")
        self.con = duckdb.connect(":memory:")
        try:
            for name, path in (("book", book.path), ("personal", book.private_path)):
                if path.exists():
                    self.con.execute(f"attach {_text(path)} as {name} (read_only)")
        except duckdb.Error as error:
            raise BookError(f"cannot be opened: {error}", where=str(book.path), next_step="run ingest again") from error
        self.con.execute(f"set memory_limit = '{settings.memory_limit}'")
        self.con.execute("set TimeZone = 'UTC'")
        self._has_points = book.private_path.exists()
        self._plans: dict[str, str] = {}

    def __enter__(self) -> PlannedContactTables:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.con.close()
        self._folder.cleanup()

    def rows(self, sql: str, params: Mapping[str, object] | None = None) -> pl.DataFrame:
        return fetch_frame(self.con.cursor(), sql, params or {})

    def resolve(self, plan: pl.DataFrame, one_form: OneForm = unchanged) -> pl.DataFrame:
        """The plan's rows with keys found (null where the book has no such account or debtor) and each debtor's zones;
        the history they concern is copied to the bench. Columns of `plan`: row, day, and the plan's own. `one_form`
        makes of a number or address, the debtor's zones and region code and the currency the form that the book has."""
        self._keep("plan", plan)
        self._write_points_alike(one_form)
        points = "personal.contact_points" if self._has_points else _NO_POINTS
        self.con.execute(_RESOLVED.format(points=points))
        self.con.execute(_PLAN_ROWS.format(creditor=ONE_NAME.format(name="a.creditor")))
        self._copy_history(plan.height)
        return self.rows(
            "select r.row, r.account_key, r.debtor_key, r.person_key, r.contact_point_key, r.debtor_id, r.time_zone, "
            "d.region_code, a.currency from resolved r left join book.accounts a on a.account_key = r.account_key "
            "left join book.debtors d on d.debtor_key = r.debtor_key order by r.row"
        )

    def _write_points_alike(self, one_form: OneForm) -> None:
        written = self.rows(
            "select p.row, p.contact_point, d.time_zone, d.region_code, a.currency from plan p "
            "join book.accounts a on a.account_id = p.account_id "
            "join book.debtors d on d.debtor_key = a.debtor_key where p.contact_point is not null"
        )
        forms = [(row, one_form(*given)) for row, *given in written.iter_rows()]
        self._keep("plan_points", pl.DataFrame(forms, {"row": pl.Int64, "form": pl.String}, orient="row"))
        self.con.execute("update plan set contact_point = p.form from plan_points p where p.row = plan.row")

    def last_day(self) -> str:
        """The last local day that contacts or snapshots of the book tell of; empty in a book without either."""
        days = self.rows(
            "select max(day)::varchar from (select max(as_of) as day from book.snapshots "
            "union all select max(coalesce(local_date, started_at::date)) from book.contacts)"
        )
        return str(days.item() or "")

    def contact_places(self) -> list[tuple[str | None, str]]:
        """Countries and currency of the log's contacts, each pair once."""
        return self.rows("select distinct countries, currency from book.contacts").rows()

    def copy_recent(self, since: date | None, earlier: Collection[str]) -> None:
        """The book's tables as they are, its contacts from that day on (None: all), with those of the older ones that
        may decide about them: `threads`: of a thread that goes on; `wrong_numbers`: that told that a number was wrong;
        `talks`: that may end a consent; `inbound`, `debtors`: all of debtors with a newer one, inbound or any."""
        for table in BOOK_TABLES:
            if table != "contacts" or since is None:
                self.con.execute(f"create view {table} as from book.{table}")
        if since is not None:
            self.con.execute(_RECENT, {"since": since, "earlier": list(earlier)})

    def give_places(self, rows: Sequence[tuple[int, str | None, str | None]]) -> None:
        """Row, countries and zones (as in contacts) of every planned contact."""
        schema = {"row": pl.Int64, "countries": pl.String, "zones": pl.String}
        self._keep("plan_countries", pl.DataFrame(rows, schema, orient="row"))

    def add_holidays(self, days: Sequence[tuple[str, date, str, bool]]) -> None:
        """Those of the planned time, where the book has them not yet: calendar, date, name, is_working_day."""
        schema = {"calendar": pl.String, "date": pl.Date, "name": pl.String, "is_working_day": pl.Boolean}
        self._keep("more_holidays", pl.DataFrame(days, schema, orient="row"))
        self.con.execute(
            "insert into holidays by name select * from more_holidays m "
            "where not exists (from holidays h where h.calendar = m.calendar and h.date = m.date)"
        )

    def lay(self, contacts: Sequence[tuple[object, ...]], zones: Sequence[tuple[object, ...]]) -> None:
        """Puts planned contacts (PLACED) and their wall times in further zones (ZONES) into the log, in place of those
        laid before."""
        self._refill("placed", pl.DataFrame(contacts, PLACED, orient="row"))
        self._refill("placed_zones", pl.DataFrame(zones, ZONES, orient="row"))

    def contact_times(self, ids: Sequence[str]) -> dict[str, tuple[date | None, datetime]]:
        """Local date and instant of contacts, planned ones too."""
        sql = "select contact_id, local_date, started_at from contacts where list_contains($ids, contact_id)"
        return {row[0]: (row[1], row[2]) for row in self.rows(sql, {"ids": list(ids)}).iter_rows()} if ids else {}

    def flag_times(self, ids: Sequence[str]) -> dict[str, tuple[date, datetime | None]]:
        """First local day and end of flags and disputes."""
        sql = """select flag_id, valid_from_on, valid_to from flags where list_contains($ids, flag_id)
                 union all
                 select dispute_id, opened_on, resolved_at from disputes where list_contains($ids, dispute_id)"""
        return {row[0]: (row[1], row[2]) for row in self.rows(sql, {"ids": list(ids)}).iter_rows()} if ids else {}

    def holidays(self) -> dict[tuple[str, date], bool]:
        """Calendar and day to whether people work on it."""
        days = self.rows("select calendar, date, coalesce(is_working_day, false) as is_working_day from holidays")
        return {(calendar, day): is_working_day for calendar, day, is_working_day in days.iter_rows()}

    def verdicts(
        self, query: QueryFile, params: Mapping[str, Scalar], readings: Sequence[tuple[str, ...]]
    ) -> pl.DataFrame:
        """The verdicts of one rule on the contacts asked about, `readings` saying by channel what they are taken to be
        where the plan leaves it open: row, verdict, reason, detail, counted, limit_count, evidence."""
        rows = ", ".join(f"({', '.join(map(_literal, reading))})" for reading in readings)
        self.con.execute(f"delete from reading; insert into reading values {rows}")  # noqa: S608 - codes of the schema
        return self.con.sql(f"execute {self._planned(query, params)}").pl()

    def _planned(self, query: QueryFile, params: Mapping[str, Scalar]) -> str:
        """The name under which a rule's query stands planned. Planning takes longer than running over one debtor's
        history, and a rule is asked for every contact, day and round; a plan with open parameters would be made anew
        each time, so the values are written in."""
        bound = query.bound(params)
        sql = re.sub(r"\$(\w+)", lambda match: _literal(bound[match[1]]), _VERDICTS.replace("{query}", query.sql))
        if sql not in self._plans:
            self._plans[sql] = f"rule_{len(self._plans)}"
            self.con.execute(f"prepare {self._plans[sql]} as {sql}")
        return self._plans[sql]

    def _copy_history(self, n_planned: int) -> None:
        self.con.execute(_HISTORY)
        for table in BOOK_TABLES:
            if table in BY_DEBTOR:
                self._copy(table, "debtor_key in (select debtor_key from concerned)")
            elif table in BY_ACCOUNT:
                self._copy(table, "account_key in (select account_key from accounts)")
            elif table in BY_CONTACT:
                self._copy(table, "contact_key in (select contact_key from history)", f"log_{table}")
            elif table in ("holidays", "collectors"):
                self._copy(table, "true")
        self.con.execute(_VIEWS)
        if n_planned <= FEW:
            self.con.execute("set threads = 1")
        self.con.execute(f"set disabled_optimizers = '{BY_STATISTICS}'")

    def _copy(self, table: str, where: str, name: str = "") -> None:
        self.con.execute(f"create table {name or table} as select * from book.{table} where {where}")  # noqa: S608

    def _refill(self, name: str, frame: pl.DataFrame) -> None:
        """As _keep, into the table that is there: a new table would end all plans made over the old one."""
        path = Path(self._folder.name) / f"{name}.parquet"
        frame.write_parquet(path)
        self.con.execute(f"delete from {name}; insert into {name} by name from read_parquet({_text(path)})")  # noqa: S608

    def _keep(self, name: str, frame: pl.DataFrame) -> None:
        """By way of Parquet, as ingest does: scanning frames in place has given wrong rows."""
        path = Path(self._folder.name) / f"{name}.parquet"
        frame.write_parquet(path)
        self.con.execute(f"create or replace table {name} as from read_parquet({_text(path)})")


def _text(path: Path) -> str:
    return _literal(str(path))


def _literal(value: Scalar) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    text = "'" + str(value).replace("'", "''") + "'"
    return f"date {text}" if isinstance(value, date) else text


_RECENT = """
create table contacts as
with recent as (
    select contact_key, thread_id, debtor_key, direction from book.contacts
    where coalesce(local_date, started_at::date) >= $since
),
wanted as (
    select contact_key from recent
    union
    select contact_key from book.contacts
    where list_contains($earlier, 'threads') and thread_id in (select thread_id from recent where thread_id is not null)
    union
    select contact_key from book.contacts where list_contains($earlier, 'wrong_numbers') and outcome = 'wrong_number'
    union
    select contact_key from book.contacts
    where list_contains($earlier, 'talks') and outcome = 'conversation'
    and debtor_key in (select debtor_key from book.flags where kind = 'call_frequency_consent')
    union
    select contact_key from book.contacts
    where list_contains($earlier, 'inbound') and debtor_key in (select debtor_key from recent where direction = 'in')
    union
    select contact_key from book.contacts
    where list_contains($earlier, 'debtors') and debtor_key in (select debtor_key from recent)
)
select * from book.contacts where contact_key in (select contact_key from wanted)
"""

_NO_POINTS = "(select 0 as contact_point_key, '' as contact_point where false)"
_VERDICTS = """
select v.contact_key - 1000000000 as row, v.* exclude (contact_key, debt_key)
from ({query}) v
where v.contact_key in (select 1000000000 + p.row from placed p where p.asked)
order by 1
"""
"""contact_key of planned contact n is a thousand million and n."""

_RESOLVED = """
create table resolved as
with owed as (
    select p.*, a.account_key, case when p.debtor_id is null then a.debtor_key end as owner_key
    from plan p
    left join book.accounts a on a.account_id = p.account_id
),
named as (
    select o.* exclude (owner_key), coalesce(d.debtor_key, w.debtor_key) as debtor_key,
           coalesce(d.debtor_id, w.debtor_id) as whose, coalesce(d.time_zone, w.time_zone) as time_zone
    from owed o
    left join book.debtors d on d.debtor_id = o.debtor_id
    left join book.debtors w on w.debtor_key = o.owner_key
),
met as (
    select person_id, min(person_key) as person_key from book.contacts
    where person_id in (select person_id from plan) group by person_id
),
people as (
    from met
    union all
    select debtor_id, debtor_key from book.debtors
    where debtor_id in (select person_id from plan) and debtor_id not in (select person_id from met)
),
keyed as (
    select n.* exclude (debtor_id, whose), n.whose as debtor_id,
           coalesce(e.person_key, case when n.person_id is null then n.debtor_key else -hash_no end) as person_key
    from (select *, dense_rank() over (order by person_id)::integer as hash_no from named) n
    left join people e on e.person_id = n.person_id
),
last_used as (
    select debtor_key, person_key, channel, arg_max(contact_point_key, (started_at, contact_id)) as contact_point_key
    from book.contacts
    where contact_point_key is not null and debtor_key in (select debtor_key from keyed)
    group by debtor_key, person_key, channel
)
select k.* exclude (hash_no),
       case when k.contact_point is null then coalesce(l.contact_point_key, -1000000 - k.person_key)
            else coalesce(c.contact_point_key, -dense_rank() over (order by k.contact_point)::integer)
       end as contact_point_key
from keyed k
left join last_used l on l.debtor_key = k.debtor_key and l.person_key = k.person_key and l.channel = k.channel
left join {points} c on c.contact_point = k.contact_point
"""

_PLAN_ROWS = """
create table plan_rows as
select r.row, r.account_key, r.debtor_key, r.person_key, r.contact_point_key, r.person_id, r.channel,
       coalesce(r.direction, 'out') as direction, r.party_role, r.style, r.purpose, r.place, r.caller_type, r.thread_id,
       r.collector_id, r.agency_id,
       case when r.party_role is null and r.person_key = r.debtor_key then 'debtor'
            else nullif(r.party_role, 'unknown') end as role,
       w.team, coalesce(r.agency_id, w.agency_id, case when r.collector_id is null
           then nullif(coalesce(g.agency_id, l.agency_id), '') end) as firm,
       {creditor} as creditor, a.currency, a.product, a.debt_type, d.region, d.region_code,
       (1000000000 + r.row)::integer as contact_key, printf('row %09d', r.row) as contact_id
from resolved r
join book.accounts a on a.account_key = r.account_key
join book.debtors d on d.debtor_key = r.debtor_key
left join book.collectors w on w.collector_id = r.collector_id
left join (
    select r.row, arg_max(coalesce(c.agency_id, ''), s.assigned_on) as agency_id
    from resolved r join book.assignments s on s.account_key = r.account_key
    left join book.collectors c on c.collector_id = s.collector_id
    where s.assigned_on <= r.day and (s.ended_on is null or r.day <= s.ended_on)
    group by r.row
) g on g.row = r.row
left join (
    select account_key, arg_max(coalesce(firm, ''), (started_at, contact_id)) as agency_id
    from book.contacts
    where direction = 'out' and account_key in (select account_key from resolved)
    group by account_key
) l on l.account_key = r.account_key
"""

_HISTORY = """
create table concerned as select distinct debtor_key from resolved where debtor_key is not null;
create table accounts as
select * from book.accounts where debtor_key in (select debtor_key from concerned)
or account_key in (select account_key from resolved);
create table history as
with together as (
    select contact_key from book.contacts where debtor_key in (select debtor_key from concerned)
    union
    select contact_key from book.contacts where account_key in (select account_key from accounts)
    union
    select contact_key from book.contacts where person_key in (select person_key from resolved)
    union
    select contact_key from book.contacts where contact_point_key in (select contact_point_key from resolved)
    union
    select contact_key from book.contact_debts where account_key in (select account_key from accounts)
)
select * from book.contacts where contact_key in (select contact_key from together);
"""
"""Everything that may count together with a planned contact: by debtor, debt, person or number."""

_VIEWS = """
create table placed (row bigint, started_at timestamp, local_date date, local_time time, asked boolean);
create table placed_zones (row bigint, time_zone text, local_date date, local_time time);
create table plan_countries (row bigint, countries text, zones text);
create table reading (channel text, outcome text, style text, purpose text, place text, caller_type text);
create view contacts as
select * from history
union all by name
select r.* exclude (row, style, purpose, place, caller_type),
       coalesce(r.style, m.style) as style, coalesce(r.purpose, m.purpose) as purpose,
       coalesce(r.place, m.place) as place,
       coalesce(r.caller_type, m.caller_type) as caller_type, m.outcome,
       p.started_at, p.local_date, p.local_time::time as local_time, isodow(p.local_date) as local_isodow, c.countries,
       c.zones, true as time_known
from plan_rows r
join placed p on p.row = r.row
left join plan_countries c on c.row = r.row
left join reading m on m.channel = r.channel;
create view contact_debts as from log_contact_debts;
create view contact_zones as
from log_contact_zones
union all by name
select r.contact_key, r.account_key, z.time_zone, z.local_date, z.local_time::time as local_time,
       isodow(z.local_date) as local_isodow
from placed_zones z join plan_rows r on r.row = z.row;
"""
