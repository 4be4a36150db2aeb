"""From staged rows to book tables, parents first: late checks, dense keys, local time, stored order."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import polars as pl

from duewatch.compliance.pack_types import Pack
from duewatch.contract.flag_terms import terms_of
from duewatch.contract.lender_names import ONE_NAME
from duewatch.contract.localised_errors import LocalisedText
from duewatch.contract.schema import BOOK_TABLES, SOURCE_TABLES, Kind
from duewatch.contract.settings import Settings
from duewatch.ingest.build_connection import BuildConnection
from duewatch.ingest.contact_accounts import find_accounts
from duewatch.ingest.contact_log import midnight_rows, place_contacts
from duewatch.ingest.countries import add_debtor_places
from duewatch.ingest.cross_row_checks import (
    leave_out_unposted,
    reject_dangling,
    reject_dangling_reversals,
    reject_duplicates,
    reject_shifted_debtors,
    reject_skipped_times,
)
from duewatch.ingest.instants import timed_rows
from duewatch.ingest.local_time import add_zone_tables

TERM_TYPES: dict[Kind, pl.DataType] = {Kind.KEY: pl.Int32(), Kind.INTEGER: pl.Int64(), Kind.TIME: pl.Time()}
NO_ACCOUNT = ("debtors", "collectors", "templates", "holidays")


@dataclass(frozen=True)
class Assembly:
    """What the assembling steps need."""

    build_db: BuildConnection
    settings: Settings
    default_zone: str
    tables: frozenset[str]
    """Tables that the source gives."""
    currency: str = ""
    """Of accounts that only a contact log tells of; empty: not known."""
    packs: Collection[Pack] = ()
    notes: list[LocalisedText] = field(default_factory=list)
    """Filled by the steps."""

    @property
    def has_debtors(self) -> bool:
        return "debtors" in self.tables


def assemble(job: Assembly, progress: Callable[[str], None]) -> list[LocalisedText]:
    """Fill every book table that comes from a source table. Returns notes."""
    for name, step in STEPS.items():
        progress(f"placing {name}")
        step(job)
    fill_buckets(job)
    return job.notes


def _debtors(job: Assembly) -> None:
    build_db = job.build_db
    reject_shifted_debtors(build_db)
    reject_duplicates(build_db, SOURCE_TABLES["debtors"])
    add_zone_tables(build_db, job.default_zone)
    build_db.run("create table known_debtors as from valid_debtors")
    if job.has_debtors:
        _number_debtors(job)


def _number_debtors(job: Assembly) -> None:
    private = ("name", "id_number", "phone", "email", "address")
    add_debtor_places(job.build_db, job.default_zone, job.packs)
    job.build_db.run(
        """create table debtor_keys as
           select d.debtor_id, (row_number() over (order by d.debtor_id))::integer as debtor_key,
                  coalesce(z.zone, {default}) as zone
           from known_debtors d left join debtor_zones z using (debtor_id)""",
        default=f"'{job.default_zone}'" if job.default_zone else "cast(null as varchar)",
    )
    job.build_db.run(
        """insert into book.debtors by name
           select k.debtor_key, d.debtor_id, d.time_zone, d.region, p.region_code, d.industry, d.preferred_channel,
                  {has}
           from known_debtors d join debtor_keys k using (debtor_id) join debtor_places p using (debtor_id)
           order by debtor_key""",
        has=", ".join(f"d.{name} is not null as has_{name}" for name in private),
    )
    job.build_db.run(
        """insert into personal.debtors by name
           select k.debtor_key, d.debtor_id, {private}
           from known_debtors d join debtor_keys k using (debtor_id) order by debtor_key""",
        private=", ".join(f"d.{name}" for name in private),
    )


def _accounts(job: Assembly) -> None:
    build_db, table = job.build_db, SOURCE_TABLES["accounts"]
    if "accounts" not in job.tables:
        _accounts_of_contacts(job)
    if job.has_debtors:
        reject_dangling(build_db, table)
    reject_duplicates(build_db, table)
    if not job.has_debtors:
        build_db.run("insert into known_debtors by name select distinct debtor_id from valid_accounts")
        _number_debtors(job)
    build_db.run(
        """insert into book.accounts by name
           select (row_number() over (order by v.debtor_id, v.account_id))::integer as account_key, d.debtor_key,
                  v.* exclude (file_no, line, part)
           from valid_accounts v join debtor_keys d using (debtor_id) order by account_key"""
    )
    build_db.run(
        """create table account_keys as
           select a.account_id, a.account_key, a.debtor_id, a.debtor_key, d.zone, a.currency, a.opened_on,
                  {creditor} as creditor, a.product, a.debt_type, b.region, b.region_code, c.countries, c.zones,
                  coalesce(c.dialled_in, '') as dialled_in
           from book.accounts a join debtor_keys d using (debtor_id) join book.debtors b using (debtor_id)
           join debtor_places c on c.debtor_id = a.debtor_id""",
        creditor=ONE_NAME.replace("{name}", "a.creditor"),
    )


def _accounts_of_contacts(job: Assembly) -> None:
    """A contact log alone: every account (or debtor) that it names is one, of which nothing else is known."""
    job.build_db.run("alter view staged_accounts rename to given_accounts")
    job.build_db.run(
        """create view staged_accounts as
           from given_accounts
           union all by name
           select -1 as file_no, row_number() over (order by account_id) as line, 0 as part, account_id, debtor_id,
                  {currency} as currency
           from (select coalesce(account_id, debtor_id) as account_id,
                        coalesce(min(debtor_id), min(account_id)) as debtor_id
                 from staged_contacts where coalesce(account_id, debtor_id) is not null group by 1)""",
        currency=f"'{job.currency}'" if job.currency else "cast(null as varchar)",
    )
    job.notes.append(LocalisedText("reading.accounts_of_contacts"))


def _checked(job: Assembly, name: str) -> None:
    table = SOURCE_TABLES[name]
    reject_dangling(job.build_db, table)
    reject_skipped_times(job.build_db, table)
    reject_duplicates(job.build_db, table)


def _copied(name: str, order: str) -> Callable[[Assembly], None]:
    """A table that belongs to no account and goes to the book as it is."""

    def step(job: Assembly) -> None:
        reject_duplicates(job.build_db, SOURCE_TABLES[name])
        columns = ", ".join(f'"{column.name}"' for column in SOURCE_TABLES[name].columns)
        job.build_db.run(
            "insert into book.{t} by name select {columns} from valid_{t} order by {order}",
            t=name,
            columns=columns,
            order=order,
        )

    return step


def _collectors(job: Assembly) -> None:
    reject_duplicates(job.build_db, SOURCE_TABLES["collectors"])
    job.build_db.run(
        """insert into book.collectors by name
           select collector_id, team, agency_id, joined_on, name is not null as has_name
           from valid_collectors order by collector_id"""
    )
    job.build_db.run(
        "insert into personal.collectors by name select collector_id, name from valid_collectors order by collector_id"
    )


def _snapshots(job: Assembly) -> None:
    _checked(job, "snapshots")
    job.build_db.run(
        """insert into book.snapshots by name
           select k.account_key, v.* exclude (file_no, line, part, account_id), {state} as state, false as is_derived
           from valid_snapshots v join account_keys k using (account_id) order by v.as_of, k.account_key""",
        state=state_sql(job.settings, "v.days_past_due", "v.status"),
    )


def state_sql(settings: Settings, days: str, status: str) -> str:
    """The state of a row: its bucket by days past due, unless its status says paid off or written off."""
    steps = list(zip(settings.bucket_starts, settings.bucket_names, strict=True))[::-1]
    cases = " ".join(f"when {days} >= {start} then '{name}'" for start, name in steps)
    return f"case when {status} in ('paid_off', 'written_off') then {status} {cases} end"


def _instalments(job: Assembly) -> None:
    _checked(job, "instalments")
    job.build_db.run(
        """insert into book.instalments by name
           select k.account_key, v.due_on, v.amount, v.seq
           from valid_instalments v join account_keys k using (account_id)
           order by k.account_key, v.due_on, v.seq, v.amount"""
    )


def _payments(job: Assembly) -> None:
    leave_out_unposted(job.build_db)
    _checked(job, "payments")
    reject_dangling_reversals(job.build_db)
    job.build_db.run(
        """insert into book.payments by name
           select account_key, payment_id, paid_on, posted_at_utc as posted_at, amount, reverses_payment_id, method,
                  status, case when reverses_payment_id is not null then -abs(amount) else amount end as net_amount
           from {rows} order by account_key, paid_on, payment_id""",
        rows=timed_rows("payments"),
    )


def _contacts(job: Assembly) -> None:
    found = find_accounts(job.build_db)
    if found:
        counts = {name: found.get(name, 0) for name in ("found", "several", "none")}
        job.notes.append(LocalisedText("reading.found_accounts", counts))
    _checked(job, "contacts")
    place_contacts(job.build_db, job.settings.duplicate_seconds)
    if n := midnight_rows(job.build_db):
        job.notes.append(LocalisedText("reading.midnight", {"n": n}))


def _contact_debts(job: Assembly) -> None:
    _checked(job, "contact_debts")
    job.build_db.run(
        """insert into book.contact_debts by name
           select c.contact_key, k.account_key, v.opened_by_collector, v.discussed
           from valid_contact_debts v join book.contacts c using (contact_id) join account_keys k using (account_id)
           order by c.contact_key, k.account_key"""
    )


def _promises(job: Assembly) -> None:
    _checked(job, "promises")
    job.build_db.run(
        """insert into book.promises by name
           select account_key, promise_id, contact_id, made_at_utc as made_at, due_on, amount, withdrawn_on,
                  coalesce(made_at_local, made_at)::date as made_on
           from {rows} order by account_key, made_at_utc, promise_id""",
        rows=timed_rows("promises", local=("made_at",)),
    )


def _flags(job: Assembly) -> None:
    _checked(job, "flags")
    job.build_db.run(
        """insert into book.flags by name
           select t.debtor_key, k.account_key, t.flag_id, t.person_id, t.kind, t.known_from_utc as known_from, t.detail,
                  t.from_utc as valid_from, least(t.to_utc, timestamp '9999-12-31 23:59:59') as valid_to,
                  coalesce(t.from_local, t."from")::date as valid_from_on,
                  (coalesce(t.to_local, t."to")
                   - case when t.to__is_date then interval 0 day else interval 1 microsecond end)::date as valid_to_on
           from {rows} t left join account_keys k on k.account_id = t.account_id
           order by t.debtor_key, t.from_utc, t.flag_id""",
        rows=timed_rows("flags", local=("from", "to"), upper=("to",)),
    )
    _flag_terms(job)


def _flag_terms(job: Assembly) -> None:
    """What agreements say, read once."""
    flags = job.build_db.rows(
        "select debtor_key, flag_id, kind, detail from book.flags where kind in ('agreed_hours', 'agreed_frequency')"
    ).rows()
    terms = [
        (debtor_key, flag_id, number, term.opens, term.closes, term.max_count, term.per)
        for debtor_key, flag_id, kind, detail in flags
        for number, term in enumerate(terms_of(kind, detail), 1)
    ]
    columns = BOOK_TABLES["flag_terms"].columns
    schema = {column.name: TERM_TYPES.get(column.kind, pl.String()) for column in columns}
    job.build_db.keep_frame("read_terms", pl.DataFrame(terms, schema, orient="row"))
    job.build_db.run("insert into book.flag_terms by name from read_terms order by debtor_key, flag_id, term_no")


def _disputes(job: Assembly) -> None:
    _checked(job, "disputes")
    job.build_db.run(
        """insert into book.disputes by name
           select account_key, dispute_id, opened_at_utc as opened_at, reason, acknowledged_at_utc as acknowledged_at,
                  resolved_at_utc as resolved_at, upheld, coalesce(opened_at_local, opened_at)::date as opened_on
           from {rows} order by account_key, opened_at_utc, dispute_id""",
        rows=timed_rows("disputes", local=("opened_at",)),
    )


def _assignments(job: Assembly) -> None:
    _checked(job, "assignments")
    job.build_db.run(
        """insert into book.assignments by name
           select k.account_key, v.collector_id, v.assigned_on, v.ended_on, v.arm
           from valid_assignments v join account_keys k using (account_id)
           order by k.account_key, v.assigned_on, v.collector_id"""
    )


def fill_buckets(job: Assembly) -> None:
    starts, names = job.settings.bucket_starts, job.settings.bucket_names
    for number, (name, start) in enumerate(zip(names, starts, strict=True)):
        end = starts[number + 1] - 1 if number + 1 < len(starts) else None
        job.build_db.con.execute("insert into book.buckets values (?, ?, ?, ?)", [name, number, start, end])


STEPS: dict[str, Callable[[Assembly], None]] = {
    "debtors": _debtors,
    "accounts": _accounts,
    "collectors": _collectors,
    "templates": _copied("templates", "template_id, version"),
    "holidays": _copied("holidays", "calendar, date"),
    "snapshots": _snapshots,
    "instalments": _instalments,
    "payments": _payments,
    "contacts": _contacts,
    "contact_debts": _contact_debts,
    "promises": _promises,
    "flags": _flags,
    "disputes": _disputes,
    "assignments": _assignments,
}
"""Parents before children."""
