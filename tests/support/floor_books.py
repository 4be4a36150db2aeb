"""Small invented books of a collection floor, drawn from a seed: the same rows for the engine and for plain Python."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from duewatch.engines.duckdb_engine import DuckDBEngine
from tests.support.small_books import account, engine_over, snapshot
from tests.unit.queries.collection_oracle import Contact, Paid, Promise, Seen

FIRST, LAST = date(2026, 6, 1), date(2026, 9, 30)
MONTH_ENDS = tuple(date(2026, 6, 1) + timedelta(days=n) for n in (-1, 29, 60, 91))
OUTCOMES = ("conversation", "conversation", "no_answer", "delivered", "wrong_number", "voicemail_left")
COLLECTORS = {"K1": "early", "K2": "early", "K3": "late", "K4": "late", "K5": None}


@dataclass(frozen=True)
class Given:
    """One assignment."""

    account: int
    collector: str
    on: date
    ended: date | None
    arm: str | None


@dataclass(frozen=True)
class Stretch:
    """Days of an account with one oldest unpaid due date; `last` is None while it is overdue."""

    account: int
    spell: int
    first: date
    last: date | None
    due: date


@dataclass
class FloorBook:
    n_accounts: int
    seen: list[Seen] = field(default_factory=list)
    grades: dict[tuple[int, date], str | None] = field(default_factory=dict)
    stretches: list[Stretch] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    starts: list[datetime | None] = field(default_factory=list)
    paid: list[Paid] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)

    def currency(self, key: int) -> str:
        return "USD" if key % 7 == 0 else "CNY"

    def debtor(self, key: int) -> int:
        """Two accounts a debtor here and there."""
        return key - 1 if key % 5 == 0 and key else key

    def last_said(self, key: int, day: date) -> str | None:
        """What the last snapshot by then says of the account, where it says more than days past due."""
        seen = [s for s in self.seen if s.account == key and s.day <= day]
        return max(seen, key=lambda s: s.day).status if seen else None


def drawn(seed: int, *, n_accounts: int = 30, n_contacts: int = 160, n_given: int = 60) -> FloorBook:
    """A book whose every part is drawn from one seed, in a fixed order."""
    rng = random.Random(seed)
    book = FloorBook(n_accounts)
    for key in range(n_accounts):
        _draw_states(rng, book, key)
        _draw_stretches(rng, book, key)
    for _ in range(n_given):
        on = FIRST + timedelta(days=rng.randrange(110))
        ended = on + timedelta(days=rng.randrange(40)) if rng.random() < 0.7 else None
        given = Given(rng.randrange(n_accounts), rng.choice(list(COLLECTORS)), on, ended, rng.choice([None, "holdout"]))
        if all((g.account, g.collector, g.on) != (given.account, given.collector, given.on) for g in book.given):
            book.given.append(given)
    for n in range(n_contacts):
        _draw_contact(rng, book, n)
    return book


def _draw_states(rng: random.Random, book: FloorBook, key: int) -> None:
    for day in MONTH_ENDS:
        if rng.random() < 0.8:
            late, status = rng.choice([0, 3, 20, 31, 45, 95]), rng.choice([None, None, "written_off", "paid_off"])
            book.seen.append(Seen(key, day, late, Decimal(rng.choice([10, 50, 50, 90, 200])), status))
            book.grades[key, day] = rng.choice(["low", "high", None])


def _draw_stretches(rng: random.Random, book: FloorBook, key: int) -> None:
    day = FIRST - timedelta(days=rng.randrange(40))
    for spell in (1, 2):
        if rng.random() < 0.25:
            continue
        due = day + timedelta(days=rng.randrange(30))
        first, last = due + timedelta(days=1), due + timedelta(days=rng.randrange(1, 50))
        book.stretches.append(Stretch(key, spell, first, last, due))
        if rng.random() < 0.4:  # an instalment paid, the next one still open: another due date, the same spell
            again = last + timedelta(days=1)
            still = rng.random() < 0.3 and spell == 2
            end = None if still else again + timedelta(days=rng.randrange(40))
            book.stretches.append(Stretch(key, spell, again, end, again - timedelta(days=rng.randrange(1, 20))))
            last = end or LAST
        day = last + timedelta(days=2)


def _draw_contact(rng: random.Random, book: FloorBook, n: int) -> None:
    key, on = rng.randrange(book.n_accounts), FIRST + timedelta(days=rng.randrange(122))
    channel, outcome = rng.choice(["call", "call", "sms"]), rng.choice(OUTCOMES)
    book.contacts.append(
        Contact(
            f"C{n:03}",
            key,
            on,
            channel,
            rng.choice(["out", "out", "out", "in"]),
            outcome,
            rng.choice([None, True, True, False]),
            rng.choice([None, "debtor", "spouse"]),
        )
    )
    at = rng.choice([time(0), time(9, 5), time(18, 30), time(19)])
    book.starts.append(None if rng.random() < 0.1 else datetime.combine(on, at))
    if rng.random() < 0.35:
        due = on + timedelta(days=rng.randrange(12))
        link = f"C{n:03}" if rng.random() < 0.9 else None
        book.promises.append(Promise(f"Z{n:03}", key, on, due, Decimal(rng.choice([10, 40])), None, link))
    if rng.random() < 0.5:
        paid_on = on + timedelta(days=rng.randrange(15))
        book.paid.append(Paid(f"P{n:03}", key, paid_on, Decimal(rng.choice([10, 40, 100]))))


def engine_of(folder: Path, book: FloorBook) -> DuckDBEngine:
    return engine_over(folder, **tables_of(book))


def tables_of(book: FloorBook) -> dict[str, list[dict[str, object]]]:
    """The same rows as a book has them."""
    spells: dict[tuple[int, int], list[Stretch]] = {}
    for s in book.stretches:
        spells.setdefault((s.account, s.spell), []).append(s)
    return {
        "accounts": [
            account(key, currency=book.currency(key), debtor_key=book.debtor(key)) for key in range(book.n_accounts)
        ],
        "snapshots": [
            {
                **snapshot(s.account, s.day, s.days_past_due, s.balance, s.status),
                "risk_grade": book.grades.get((s.account, s.day)),
            }
            for s in book.seen
        ],
        "overdue_stretches": [
            {"account_key": s.account, "spell_no": s.spell, "from_on": s.first, "to_on": s.last, "oldest_due_on": s.due}
            for s in book.stretches
        ],
        "spells": [
            {"account_key": key, "spell_no": no, "started_on": parts[0].first, "ended_on": parts[-1].last}
            for (key, no), parts in spells.items()
        ],
        "collectors": [{"collector_id": name, "team": team} for name, team in COLLECTORS.items()],
        "assignments": [
            {
                "account_key": g.account,
                "collector_id": g.collector,
                "assigned_on": g.on,
                "ended_on": g.ended,
                "arm": g.arm,
            }
            for g in book.given
        ],
        "contacts": [
            {
                "contact_key": n,
                "account_key": c.account,
                "debtor_key": book.debtor(c.account),
                "contact_id": c.contact_id,
                "channel": c.channel,
                "direction": c.direction,
                "outcome": c.outcome,
                "right_party": c.right_party,
                "party_role": c.party_role,
                "started_at": datetime.combine(c.on, time(3)),
                "local_date": c.on,
                "local_time": at.time() if at else None,
                "local_isodow": at.isoweekday() if at else None,
                "zone_basis": "zone",
                "time_known": True,
            }
            for n, (c, at) in enumerate(zip(book.contacts, book.starts, strict=True))
        ],
        "promises": [
            {
                "account_key": p.account,
                "promise_id": p.promise_id,
                "contact_id": p.contact_id,
                "due_on": p.due,
                "made_at": datetime.combine(p.made, time()),
                "made_on": p.made,
                "amount": p.amount,
            }
            for p in book.promises
        ],
        "payments": [
            {
                "account_key": p.account,
                "payment_id": p.payment_id,
                "paid_on": p.on,
                "amount": p.amount,
                "net_amount": p.signed,
            }
            for p in book.paid
        ],
    }
