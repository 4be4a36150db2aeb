"""Small lenders' books for the process rules, drawn at random with a seed: debtors, their accounts and what happened.

The ledger of an account is followed day by day here, in plain Python: the spells that stand in the book come from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from duewatch.contract.schema import SOURCE_TABLES
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import fetch_frame
from duewatch.engines.query_files import query_file
from duewatch.ingest.marts import fill_marts
from tests.support.small_books import Row, checked, completed, create_tables, insert, snapshot

ZERO = Decimal(0)
DAY = timedelta(days=1)
STARTS = (date(2023, 12, 1), date(2024, 1, 25), date(2025, 11, 20), date(2026, 3, 3))
"""Each book lasts 130 days from one of these: over the turn of the year, 29 February and the changes of the clock."""
SPAN = 130
ZONES = (ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), None)
FIELDS = ("name", "id_number", "phone", "email", "address")
MISSING: tuple[tuple[str, ...], ...] = (
    (),
    (),
    ("payments",),
    ("promises", "disputes"),
    ("flags", "templates"),
    ("debtors.preferred_channel",),
    ("accounts.annual_rate", "debtors.phone"),
    ("disputes.acknowledged_at",),
    ("disputes.resolved_at",),
    ("contacts.purpose",),
    ("contacts.collector_id", "contacts.template_id"),
    ("templates.elements", "snapshots"),
)
"""What a book's source may lack: whole tables, or columns."""
IN_MESSAGES = "name,contract_no,overdue_amount,days_past_due,minimum_due,deadline,payment_channel"
IN_LETTERS = "debt_details,days_past_due,amount_split,contract_basis,deadline,further_measures,official_contact"


@dataclass(frozen=True)
class Paid:
    """A payment, or the row that takes back the payment `reverses`; `amount` is above 0 in both."""

    id: str
    on: date
    amount: Decimal
    reverses: str | None = None


@dataclass(frozen=True)
class Debtor:
    key: int
    zone: ZoneInfo | None
    preferred: str | None
    known: frozenset[str]


@dataclass(frozen=True)
class Account:
    """`seen`: snapshots as (day, days past due, balance). `is_daily`: whether its instalments are in the book."""

    key: int
    debtor: int
    contract_no: str | None
    rate: Decimal | None
    dues: tuple[tuple[date, Decimal], ...]
    paid: tuple[Paid, ...]
    seen: tuple[tuple[date, int, Decimal], ...] = ()
    is_daily: bool = True

    @property
    def id(self) -> str:
        return f"A{self.key}"

    def oldest_due(self, day: date) -> date | None:
        """Due date of the oldest instalment not fully paid by the end of a day, where it lies before that day."""
        return self._oldest_by_ledger(day) if self.is_daily else self._oldest_by_snapshots(day)

    def _oldest_by_ledger(self, day: date) -> date | None:
        purse = sum(((-p.amount if p.reverses else p.amount) for p in self.paid if p.on <= day), ZERO)
        for due_on, amount in sorted(self.dues):
            if purse < amount:
                return due_on if due_on < day else None
            purse -= amount
        return None

    def _oldest_by_snapshots(self, day: date) -> date | None:
        """From the first day that an overdue snapshot tells, but after the one before it, to the last overdue one."""
        before = [row for row in self.seen if row[0] <= day]
        after = [row for row in self.seen if row[0] > day]
        if before and before[-1][1] > 0:
            seen_on, days, _ = before[-1]
            holds = seen_on == day or not after or after[0][1] > 0
            return seen_on - days * DAY if holds else None
        if before and before[-1][0] == day:
            return None
        if after and after[0][1] > 0 and day > after[0][0] - after[0][1] * DAY:
            return after[0][0] - after[0][1] * DAY
        return None

    def days_past_due(self, day: date) -> int:
        oldest = self.oldest_due(day)
        return (day - oldest).days if oldest else 0


@dataclass(frozen=True)
class Contact:
    """`at` is UTC without offset; `local_date` is None where the zone is not known."""

    id: str
    account: int
    at: datetime
    local_date: date | None
    channel: str
    direction: str = "out"
    outcome: str = "delivered"
    role: str | None = "debtor"
    purpose: str | None = None
    response: str | None = None
    collector: str | None = "K1"
    template: str | None = None
    caller: str | None = None
    team: str | None = "T1"

    @property
    def day(self) -> date:
        return self.local_date or self.at.date()


@dataclass(frozen=True)
class Promise:
    id: str
    account: int
    made_at: datetime
    made_on: date
    due: date
    amount: Decimal
    contact: str | None = None
    withdrawn: date | None = None


@dataclass(frozen=True)
class Dispute:
    id: str
    account: int
    opened_at: datetime
    opened_on: date
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None


@dataclass(frozen=True)
class Flag:
    """Days are local, both included."""

    id: str
    debtor: int
    kind: str
    since: date
    until: date | None = None
    account: int | None = None
    person: str | None = None


@dataclass(frozen=True)
class Template:
    id: str
    channel: str
    version: str
    elements: str | None


@dataclass(frozen=True)
class Spell:
    """`last` is None while the account is overdue."""

    account: int
    number: int
    first: date
    last: date | None


@dataclass(frozen=True)
class SmallBook:
    """`missing`: tables and columns that no source file has. `until`: the last day the source tells of."""

    start: date
    until: date
    debtors: tuple[Debtor, ...] = ()
    accounts: tuple[Account, ...] = ()
    contacts: tuple[Contact, ...] = ()
    promises: tuple[Promise, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    flags: tuple[Flag, ...] = ()
    templates: tuple[Template, ...] = ()
    missing: frozenset[str] = frozenset()
    reopen_days: int = 0

    def lacks(self, table: str, column: str = "") -> bool:
        return table in self.missing or f"{table}.{column}" in self.missing

    @cached_property
    def spells(self) -> tuple[Spell, ...]:
        return tuple(
            spell for each in self.accounts for spell in spells_of(each, self.start, self.until, self.reopen_days)
        )


def days_from(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + n * DAY


def spells_of(account: Account, start: date, until: date, reopen_days: int) -> list[Spell]:
    """Runs of overdue days; a run that begins at most reopen_days days after the last one's end goes on with it."""
    runs: list[list[date]] = []
    for day in days_from(start - 250 * DAY, until):
        if account.days_past_due(day):
            if runs and (day - runs[-1][-1]).days <= reopen_days + 1:
                runs[-1].append(day)
            else:
                runs.append([day])
    return [Spell(account.key, n, run[0], None if run[-1] == until else run[-1]) for n, run in enumerate(runs, 1)]


def stretches_of(account: Account, start: date, until: date) -> list[tuple[date, date | None, date]]:
    """Runs of overdue days with one oldest due date: (first, last or None, that date)."""
    runs: list[tuple[date, list[date]]] = []
    for day in days_from(start - 250 * DAY, until):
        oldest = account.oldest_due(day)
        if oldest is None:
            continue
        if runs and runs[-1][0] == oldest and runs[-1][1][-1] == day - DAY:
            runs[-1][1].append(day)
        else:
            runs.append((oldest, [day]))
    return [(run[0], None if run[-1] == until else run[-1], oldest) for oldest, run in runs]


# --- drawing ---------------------------------------------------------------------------------------------------------


def a_small_book(seed: int, n_debtors: int = 12) -> SmallBook:
    """The book of this seed. What its source lacks goes round with the seed; every third merges spells."""
    luck = Random(seed)
    start = STARTS[(seed + seed // 12) % len(STARTS)]
    book = SmallBook(
        start,
        start + SPAN * DAY,
        missing=frozenset(MISSING[seed % len(MISSING)]),
        reopen_days=(0, 0, 4)[seed % 3],
        templates=tuple(_templates(luck)),
    )
    for key in range(1, n_debtors + 1):
        book = _with_debtor(book, luck, key)
    return _without_missing(book)


def _with_debtor(book: SmallBook, luck: Random, key: int) -> SmallBook:
    known = frozenset(name for name in FIELDS if luck.random() < 0.93)
    debtor = Debtor(key, luck.choice(ZONES[:2] * 4 + ZONES), luck.choice((None, "sms", "email", "app", "call")), known)
    accounts = [_account(book, luck, debtor, key * 10 + n) for n in range(luck.choice((1, 1, 2)))]
    contacts = [each for account in accounts for each in _contacts(book, luck, debtor, account)]
    promises = [each for account in accounts for each in _promises(book, luck, debtor, account, contacts)]
    reminders = [each for n, promise in enumerate(promises) for each in _around(luck, debtor, promise, n)]
    return replace(
        book,
        debtors=(*book.debtors, debtor),
        accounts=(*book.accounts, *accounts),
        contacts=(*book.contacts, *contacts, *reminders),
        promises=(*book.promises, *promises),
        disputes=(*book.disputes, *(each for a in accounts for each in _disputes(book, luck, debtor, a, contacts))),
        flags=(*book.flags, *_flags(book, luck, key, accounts, contacts)),
    )


def _account(book: SmallBook, luck: Random, debtor: Debtor, key: int) -> Account:
    first = book.start + luck.choice((-95, -30, -8, 0, 3, 10, 20, 30, 40)) * DAY
    dues = tuple((first + n * luck.choice((28, 30, 31)) * DAY, Decimal(100)) for n in range(luck.randint(1, 5)))
    paid: list[Paid] = []
    for n, (due_on, _) in enumerate(dues):
        late = luck.choice((-2, 0, 1, 5, 9, 20, 33, 45, 70, None, None))
        if late is None:
            continue
        amount = Decimal(luck.choice(("100", "100", "100", "40", "160")))
        paid.append(Paid(f"P{key}-{n}", due_on + late * DAY, amount))
        if luck.random() < 0.25:
            paid.append(Paid(f"R{key}-{n}", due_on + (late + luck.choice((0, 1, 3, 12))) * DAY, amount, f"P{key}-{n}"))
    paid = [each for each in paid if each.on <= book.until]
    is_daily = luck.random() < 0.75 and not book.lacks("payments")
    made = Account(
        key,
        debtor.key,
        luck.choice(("N1", "N1", "N1", None)),
        luck.choice((Decimal("0.24"), Decimal("0.18"), None)),
        dues,
        tuple(paid),
    )
    return replace(made, seen=tuple(_snapshots(book, luck, made)), is_daily=is_daily)


def _snapshots(book: SmallBook, luck: Random, account: Account) -> Iterator[tuple[date, int, Decimal]]:
    first = luck.choice((0, 15, 60))
    for n in range(first, SPAN + 1, 15):
        day = book.start + n * DAY
        yield day, account.days_past_due(day), Decimal(luck.choice((0, 50, 100, 250, 400)))


STEPS = (0, 0, 0.5, 60, 1_800, 86_399, 86_399.75, 86_400, 86_400, 86_401, 86_430, 172_800)
CHANNELS = ("sms", "sms", "email", "app", "call", "call", "call", "letter", "visit", "fax")
OUTCOMES = {
    "call": ("conversation", "no_answer", "unknown"),
    "letter": ("delivered", "unknown"),
    "visit": ("conversation",),
}


def _contacts(book: SmallBook, luck: Random, debtor: Debtor, account: Account) -> Iterator[Contact]:
    """A walk through the account's time, with ties, exact days of 24 hours and long silences."""
    first = max(account.dues[0][0], book.start + luck.choice((2, 2, 12)) * DAY) + luck.choice((0, 1, 2, 5, 28)) * DAY
    at = datetime.combine(first, time(luck.choice((1, 9, 17, 23)), luck.choice((0, 59)), luck.choice((0, 30))))
    manner = luck.choice(("quiet", "quiet", "quiet", "any", "any", "harsh"))
    first_ones = {"quiet": ("sms", "email", "app"), "any": CHANNELS, "harsh": ("letter", "visit", "fax")}[manner]
    for n in range(luck.randint(0, 14)):
        channel = luck.choice(first_ones if n < (1, 4)[manner == "harsh"] else CHANNELS)
        yield _contact(luck, debtor, account.key, f"{luck.randrange(1000):03}-{account.key}-{n}", at, channel)
        far = luck.random() < 0.45
        at += timedelta(seconds=luck.choice(STEPS)) + (luck.choice((2, 5, 9, 14, 30)) * DAY if far else timedelta())
        if at.date() > book.until:
            return


def _contact(luck: Random, debtor: Debtor, account: int, name: str, at: datetime, channel: str) -> Contact:
    direction = luck.choice(("out",) * 9 + ("in",))
    told = luck.choice(OUTCOMES.get(channel, ("delivered", "delivered", "delivered", "undelivered")))
    purposes = (
        ("demand", "demand", None, "reply", "locate", "statutory_notice")
        if channel in ("call", "letter")
        else ("reminder", "reminder", "reminder", "demand", "reply", "relay", None)
    )
    return Contact(
        name,
        account,
        at,
        local_day(debtor, at) if luck.random() < 0.97 else None,
        channel,
        direction,
        told,
        luck.choice(("debtor",) * 8 + ("unknown", None, "spouse", "guarantor")),
        luck.choice(purposes),
        luck.choice((None, None, "none", "promise", "dispute", "hardship")),
        luck.choice(("K1", "K1", "K2", None)),
        luck.choice(_names_for(channel)),
        luck.choice((None, "human", "human", "ai")),
        luck.choice(("T1", "T2", None)),
    )


def _names_for(channel: str) -> tuple[str | None, ...]:
    names = ("L1", "L2", "L3") if channel == "letter" else ("M1", "M1", "M2", "M3", "M4")
    return (*names, None) if channel not in ("call", "visit") else (None, None, "M1")


def _templates(luck: Random) -> Iterator[Template]:
    """Complete ones, some that lack an element, one whose versions differ, and one of unknown content."""
    for letter, channel, wanted in (("M", "sms", IN_MESSAGES), ("L", "letter", IN_LETTERS)):
        whole = wanted.split(",")
        luck.shuffle(whole)
        yield Template(f"{letter}1", channel, "1", "|".join([*whole, "greeting"]))
        yield Template(f"{letter}1", channel, "2", "|".join(whole))
        yield Template(f"{letter}2", channel, "1", "|".join(whole[: luck.randint(0, 6)]))
        yield Template(f"{letter}3", channel, "1", "|".join(whole))
        yield Template(f"{letter}3", channel, "2", luck.choice((None, "|".join(whole[1:]))))


def local_day(debtor: Debtor, at: datetime) -> date | None:
    if debtor.zone is None:
        return None
    return at.replace(tzinfo=ZoneInfo("UTC")).astimezone(debtor.zone).date()


def _day_of(debtor: Debtor, at: datetime) -> date:
    return local_day(debtor, at) or at.date()


def _promises(
    book: SmallBook, luck: Random, debtor: Debtor, account: Account, contacts: Sequence[Contact]
) -> Iterator[Promise]:
    said = [each.at for each in contacts if each.account == account.key and each.response == "promise"]
    names = [each.id for each in contacts if each.account == account.key and each.response == "promise"]
    for n in range(luck.choice((0, 1, 2, 3))):
        at = luck.choice(said) if said and luck.random() < 0.6 else _some_time(book, luck)
        at += luck.choice((0, 0, 1, 2, 3)) * DAY
        made_on = _day_of(debtor, at)
        if made_on > book.until:
            continue
        yield Promise(
            f"Z{luck.randrange(1000):03}-{account.key}-{n}",
            account.key,
            at,
            made_on,
            made_on + luck.choice((0, 1, 2, 3, 4, 7, 12, 20, 44, 45, 46)) * DAY,
            Decimal(luck.choice((30, 50, 100, 250, 300))),
            luck.choice((None, None, *names)),
            luck.choice((None, None, None, made_on + luck.choice((1, 3, 7)) * DAY)),
        )


def _around(luck: Random, debtor: Debtor, promise: Promise, nth: int) -> Iterator[Contact]:
    """Reminders of a promise near its due date, on the right days and beside them, and calls while it runs."""
    for n, purpose in enumerate(luck.choice(((), ("promise_reminder",), ("promise_reminder", "demand")))):
        back = luck.choice((0, 1, 2, 3, 3, 4))
        at = datetime.combine(promise.due, time(8)) - back * DAY
        name = f"{luck.randrange(1000):03}-{promise.account}-p{nth}{n}"
        made = _contact(
            luck, debtor, promise.account, name, at, "call" if purpose == "demand" else luck.choice(("sms", "call"))
        )
        yield replace(made, direction=luck.choice(("out", "out", "out", "in")), purpose=purpose)


def _disputes(
    book: SmallBook, luck: Random, debtor: Debtor, account: Account, contacts: Sequence[Contact]
) -> Iterator[Dispute]:
    said = [each.at for each in contacts if each.account == account.key and each.response == "dispute"]
    for n in range(luck.choice((0, 1, 2))):
        at = (
            luck.choice(said) + luck.choice((-3, -2, 0, 2, 3)) * DAY
            if said and luck.random() < 0.6
            else _some_time(book, luck)
        )
        waits = (3_600, 86_399, 86_400, 86_400.5, 86_430, 172_800, None)
        answers = (7_200, 86_400 * 5, 86_400 * 30 - 1, 86_400 * 30, 86_400 * 30 + 30, 86_400 * 31, None)
        done, answered = luck.choice(waits), luck.choice(answers)
        if _day_of(debtor, at) <= book.until:
            yield Dispute(
                f"S{account.key}-{n}",
                account.key,
                at,
                _day_of(debtor, at),
                at + timedelta(seconds=done) if done else None,
                at + timedelta(seconds=answered) if answered else None,
            )


FLAGS = ("hardship", "hardship", "hardship", "cease_contact", "attorney", "deceased", "dispute", "unreachable")


def _flags(
    book: SmallBook, luck: Random, debtor: int, accounts: Sequence[Account], contacts: Sequence[Contact]
) -> Iterator[Flag]:
    told = [each.day for each in contacts if each.response == "hardship"]
    for n in range(luck.choice((0, 0, 1, 1, 2))):
        since = luck.choice(told) if told and luck.random() < 0.8 else _some_time(book, luck).date()
        since += luck.choice((-2, 0, 1, 2, 3)) * DAY
        yield Flag(
            f"F{debtor}-{n}",
            debtor,
            luck.choice(FLAGS),
            since,
            luck.choice((None, since, since + 20 * DAY)),
            luck.choice((None, None, accounts[-1].key)),
            luck.choice((None, None, None, "X9")),
        )


def _some_time(book: SmallBook, luck: Random) -> datetime:
    return datetime.combine(book.start, time(11)) + timedelta(hours=luck.randrange(SPAN * 24))


def _without_missing(book: SmallBook) -> SmallBook:
    """The book without what its source lacks."""
    emptied: dict[str, Any] = {
        name: () for name in ("promises", "disputes", "flags", "templates") if name in book.missing
    }
    book = replace(book, **emptied)
    accounts, contacts = book.accounts, book.contacts
    if "payments" in book.missing:
        accounts = tuple(replace(each, paid=()) for each in accounts)
    if "snapshots" in book.missing:
        accounts = tuple(replace(each, seen=(), is_daily=True) for each in accounts)
    if "accounts.annual_rate" in book.missing:
        accounts = tuple(replace(each, rate=None) for each in accounts)
    for column, field in (("purpose", "purpose"), ("collector_id", "collector"), ("template_id", "template")):
        if f"contacts.{column}" in book.missing:
            contacts = tuple(replace(each, **{field: None}) for each in contacts)  # type: ignore[arg-type]
    debtors, disputes, templates = book.debtors, book.disputes, book.templates
    if "debtors.preferred_channel" in book.missing:
        debtors = tuple(replace(each, preferred=None) for each in debtors)
    if "debtors.phone" in book.missing:
        debtors = tuple(replace(each, known=each.known - {"phone"}) for each in debtors)
    for column in ("acknowledged_at", "resolved_at"):
        if f"disputes.{column}" in book.missing:
            disputes = tuple(replace(each, **{column: None}) for each in disputes)  # type: ignore[arg-type]
    if "templates.elements" in book.missing:
        templates = tuple(replace(each, elements=None) for each in templates)
    return replace(book, accounts=accounts, contacts=contacts, debtors=debtors, disputes=disputes, templates=templates)


# --- the book as tables ----------------------------------------------------------------------------------------------


class Tables:
    """The canonical tables in memory; `load` puts another book into them, `ask` runs one of the app's queries."""

    def __init__(self) -> None:
        self.con = duckdb.connect(config={"threads": 1})
        self.filled: set[str] = set()
        self.missing: frozenset[str] | None = None
        create_tables(self.con)

    def close(self) -> None:
        self.con.close()

    def load(self, book: SmallBook) -> None:
        rows = completed(rows_of(book))
        if book.missing != self.missing:
            rows["column_presence"] = completed({"column_presence": presence_of(book)})["column_presence"]
            self.missing = book.missing
        self.fill(rows)

    def fill(self, tables: Mapping[str, Sequence[Row]]) -> None:
        """These tables anew; what an earlier book had in others goes, but not which columns were given."""
        rows = checked(tables)
        self.con.execute("begin")
        for name in self.filled | set(tables):
            self.con.execute(f"delete from {name}")
        insert(self.con, rows)
        fill_marts(self.con, Settings(), marts=("overdue_runs",))
        self.filled = {name for name in tables if name != "column_presence"}
        self.con.execute("commit")

    def ask(self, query: str, **params: Any) -> list[dict[str, Any]]:
        file = query_file(query)
        given = {param.name: params[param.name] for param in file.params if param.name in params}
        return fetch_frame(self.con, file.sql, file.bound(given)).to_dicts()


def rows_of(book: SmallBook) -> Mapping[str, Sequence[Row]]:
    return {
        "debtors": [_debtor_row(each) for each in book.debtors],
        "accounts": [_account_row(each) for each in book.accounts],
        "snapshots": [
            snapshot(each.key, day, days, balance) for each in book.accounts for day, days, balance in each.seen
        ],
        "payments": [
            {
                "account_key": each.key,
                "payment_id": p.id,
                "paid_on": p.on,
                "amount": p.amount,
                "net_amount": -p.amount if p.reverses else p.amount,
                "reverses_payment_id": p.reverses,
            }
            for each in book.accounts
            for p in each.paid
        ],
        "contacts": [_contact_row(key, each, book) for key, each in enumerate(book.contacts, 1)],
        "promises": [
            {
                "account_key": p.account,
                "promise_id": p.id,
                "contact_id": p.contact,
                "made_at": p.made_at,
                "made_on": p.made_on,
                "due_on": p.due,
                "amount": p.amount,
                "withdrawn_on": p.withdrawn,
            }
            for p in book.promises
        ],
        "disputes": [
            {
                "account_key": d.account,
                "dispute_id": d.id,
                "opened_at": d.opened_at,
                "opened_on": d.opened_on,
                "acknowledged_at": d.acknowledged_at,
                "resolved_at": d.resolved_at,
            }
            for d in book.disputes
        ],
        "flags": [
            {
                "debtor_key": f.debtor,
                "account_key": f.account,
                "flag_id": f.id,
                "person_id": f.person,
                "kind": f.kind,
                "valid_from": datetime.combine(f.since, time()),
                "valid_from_on": f.since,
                "valid_to_on": f.until,
            }
            for f in book.flags
        ],
        "templates": [
            {"template_id": t.id, "channel": t.channel, "version": t.version, "elements": t.elements}
            for t in book.templates
        ],
        "spells": [
            {
                "account_key": s.account,
                "spell_no": s.number,
                "started_on": s.first,
                "ended_on": s.last,
                "basis": "daily" if _of(book, s.account).is_daily else "snapshots",
            }
            for s in book.spells
        ],
        "overdue_stretches": [
            {
                "account_key": each.key,
                "spell_no": _number(book, each, first),
                "from_on": first,
                "to_on": last,
                "oldest_due_on": oldest,
            }
            for each in book.accounts
            for first, last, oldest in stretches_of(each, book.start, book.until)
        ],
    }


def presence_of(book: SmallBook) -> list[dict[str, object]]:
    return [
        {
            "table_name": name,
            "column_name": column.name,
            "is_required": column.required,
            "is_provided": not book.lacks(name, column.name),
        }
        for name, table in SOURCE_TABLES.items()
        for column in table.columns
    ]


def _of(book: SmallBook, key: int) -> Account:
    return next(each for each in book.accounts if each.key == key)


def _number(book: SmallBook, account: Account, day: date) -> int:
    """The spell of the account that this day lies in."""
    return next(s.number for s in book.spells if s.account == account.key and s.first <= day <= (s.last or book.until))


def _debtor_row(each: Debtor) -> dict[str, object]:
    return {
        "debtor_key": each.key,
        "debtor_id": f"D{each.key}",
        "preferred_channel": each.preferred,
        **{f"has_{name}": name in each.known for name in FIELDS},
    }


def _account_row(each: Account) -> dict[str, object]:
    return {
        "account_key": each.key,
        "debtor_key": each.debtor,
        "account_id": each.id,
        "debtor_id": f"D{each.debtor}",
        "contract_no": each.contract_no,
        "product": "loan",
        "branch": "north",
        "currency": "CNY",
        "opened_on": date(2023, 1, 1),
        "original_amount": Decimal(500),
        "annual_rate": each.rate,
    }


def _contact_row(key: int, each: Contact, book: SmallBook) -> dict[str, object]:
    return {
        "contact_key": key,
        "account_key": each.account,
        "debtor_key": _of(book, each.account).debtor,
        "contact_id": each.id,
        "started_at": each.at,
        "channel": each.channel,
        "direction": each.direction,
        "outcome": each.outcome,
        "purpose": each.purpose,
        "response": each.response,
        "collector_id": each.collector,
        "template_id": each.template,
        "caller_type": each.caller,
        "local_date": each.local_date,
        "role": each.role,
        "team": each.team,
        "currency": "CNY",
        "product": "loan",
        "zone_basis": "zone" if each.local_date else "missing",
        "time_known": True,
    }
