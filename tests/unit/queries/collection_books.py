"""Books of payments, promises and contacts, drawn by hypothesis: the same rows for the engine and for the oracle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from duewatch.contract.scope import WHOLE_BOOK
from duewatch.engines.duckdb_engine import DuckDBEngine
from tests.support.small_books import account, engine_over, snapshot
from tests.unit.queries.collection_oracle import Contact, Paid, Promise, Seen

START = date(2026, 6, 30)
MONTH_ENDS = (START, date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30))
AS_OF = MONTH_ENDS[-1]
CURRENCY = {0: "CNY", 1: "CNY", 2: "USD"}
DAYS = st.integers(-20, 95).map(lambda n: START + timedelta(days=n))
AMOUNT = st.sampled_from([Decimal(text) for text in ("0.01", "10.00", "50.00", "99.99", "100.00", "250.50")])
KEYS = st.integers(0, 2)
MONEY = st.lists(st.tuples(KEYS, DAYS, AMOUNT, st.none() | st.integers(0, 40)), max_size=10)
STATES = st.lists(
    st.tuples(
        KEYS,
        st.sampled_from(MONTH_ENDS),
        st.sampled_from([0, 1, 15, 30, 31, 45, 61, 90, 181, 230]),
        AMOUNT,
        st.sampled_from([None, None, None, None, "paid_off", "written_off"]),
    ),
    max_size=12,
    unique_by=lambda row: row[:2],
)


def payments_of(drawn: Sequence[tuple[int, date, Decimal, int | None]]) -> list[Paid]:
    """Payments, some with a reversal so many days later."""
    made = []
    for n, (key, on, amount, reversed_after) in enumerate(drawn):
        made.append(Paid(f"P{n}", key, on, amount))
        if reversed_after is not None:
            made.append(Paid(f"R{n}", key, on + timedelta(days=reversed_after), amount, f"P{n}"))
    return made


def seen_of(drawn: Sequence[tuple[int, date, int, Decimal, str | None]]) -> list[Seen]:
    return [Seen(*row) for row in drawn]


def book_of(
    folder: Path,
    *,
    paid: Sequence[Paid] = (),
    promises: Sequence[Promise] = (),
    seen: Sequence[Seen] = (),
    contacts: Sequence[Contact] = (),
    purposes: Sequence[str] = (),
) -> DuckDBEngine:
    return engine_over(
        folder,
        accounts=[account(key, currency=currency) for key, currency in CURRENCY.items()],
        payments=[
            {
                "account_key": p.account,
                "payment_id": p.payment_id,
                "paid_on": p.on,
                "amount": p.amount,
                "net_amount": p.signed,
                "reverses_payment_id": p.reverses,
            }
            for p in paid
        ],
        promises=[
            {
                "account_key": p.account,
                "promise_id": p.promise_id,
                "contact_id": p.contact_id,
                "due_on": p.due,
                "made_at": datetime.combine(p.made, time()),
                "made_on": p.made,
                "amount": p.amount,
                "withdrawn_on": p.withdrawn,
            }
            for p in promises
        ],
        snapshots=[snapshot(s.account, s.day, s.days_past_due, s.balance, s.status) for s in seen],
        contacts=[
            {
                "contact_key": n,
                "account_key": c.account,
                "contact_id": c.contact_id,
                "channel": c.channel,
                "direction": c.direction,
                "outcome": c.outcome,
                "right_party": c.right_party,
                "local_date": c.on,
                "party_role": c.party_role,
                "started_at": datetime.combine(c.on, time(9)),
                "zone_basis": "zone",
                "time_known": True,
                "purpose": purposes[n] if purposes else None,
            }
            for n, c in enumerate(contacts)
        ],
    )


def ask(engine: DuckDBEngine, name: str, **params: object) -> list[dict[str, object]]:
    return engine.run(name, params, WHOLE_BOOK).to_dicts()  # type: ignore[arg-type]
