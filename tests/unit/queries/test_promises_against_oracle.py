"""Promise queries agree with plain Python on invented books, and their parts add up."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.draws import draws
from tests.unit.queries import collection_oracle as oracle
from tests.unit.queries.collection_books import AMOUNT, AS_OF, CURRENCY, DAYS, KEYS, MONEY, ask, book_of, payments_of
from tests.unit.queries.collection_oracle import Paid, Promise

RECOMPUTES = {
    "kept_ratio": "promises/kept_ratio",
    "kept_amount": "promises/kept_ratio",
    "promise_states": "promises/promise_states",
    "promises_pending": "promises/promise_states",
    "promises_broken": "promises/promise_states",
    "account_kept": "promises/promise_ledger",
}
"""Metric to what is called here for the number that is computed a second time."""


DRAWN = st.lists(st.tuples(KEYS, DAYS, st.integers(-2, 30), AMOUNT, st.none() | DAYS), max_size=8)


def promises_of(drawn: Sequence[tuple[int, date, int, Decimal, date | None]]) -> list[Promise]:
    return [
        Promise(f"Z{n}", key, made, made + timedelta(days=length), amount, withdrawn, f"C{n}")
        for n, (key, made, length, amount, withdrawn) in enumerate(drawn)
    ]


@draws(40)
@given(drawn=DRAWN, money=MONEY, grace=st.integers(0, 5), tolerance=st.sampled_from(["1.0", "0.9", "0.07", "0.5"]))
def test_states_and_allocation_agree_with_plain_python(drawn, money, grace, tolerance) -> None:  # type: ignore[no-untyped-def]
    promises, paid = promises_of(drawn), payments_of(money)
    wanted = oracle.judged(promises, paid, AS_OF, grace, Decimal(tolerance))
    rule = {"grace_days": grace, "tolerance": float(tolerance)}
    period = {"from_date": date(2026, 7, 1), "to_date": AS_OF, "as_of": AS_OF}
    with tempfile.TemporaryDirectory() as folder:
        engine = book_of(Path(folder), paid=paid, promises=promises)
        ledger = ask(engine, "promises/promise_ledger", as_of=AS_OF, **rule)
        assert {r["promise_id"]: (r["state"], r["allocated"]) for r in ledger} == wanted
        linked = ask(engine, "contacts/contact_promises", to_date=AS_OF, **rule)
        assert {r["promise_id"]: r["is_kept"] for r in linked} == {p: s == "kept" for p, (s, _) in wanted.items()}
        due = [p for p in promises if p.promise_id in wanted and period["from_date"] <= p.due <= AS_OF]
        check_states(due, wanted, ask(engine, "promises/promise_states", **period, **rule))
        check_ratio(due, wanted, ask(engine, "promises/kept_ratio", **period, **rule))
        for row in ask(engine, "promises/promise_states", **period, **rule):
            listed = ask(engine, "promises/promises_in_state", state=row["state"], **period, **rule)
            mine = [r for r in listed if r["currency"] == row["currency"]]
            sums = (len(mine), sum(r["promised"] for r in mine), sum(r["allocated"] for r in mine))  # type: ignore[misc]
            assert sums == (row["n_promises"], row["promised"], row["allocated"])
        engine.close()


def check_states(due: list[Promise], wanted: dict[str, tuple[str, Decimal]], rows: list[dict[str, object]]) -> None:
    counts = Counter((CURRENCY[p.account], wanted[p.promise_id][0]) for p in due)
    assert {(r["currency"], r["state"]): r["n_promises"] for r in rows} == counts
    for row in rows:
        mine = [p for p in due if (CURRENCY[p.account], wanted[p.promise_id][0]) == (row["currency"], row["state"])]
        assert row["promised"] == sum(p.amount for p in mine)
        assert row["allocated"] == sum(wanted[p.promise_id][1] for p in mine)


def check_ratio(due: list[Promise], wanted: dict[str, tuple[str, Decimal]], rows: list[dict[str, object]]) -> None:
    assert {r["currency"] for r in rows} == {CURRENCY[p.account] for p in due}
    for row in rows:
        mine = [p for p in due if CURRENCY[p.account] == row["currency"]]
        matured = [p for p in mine if wanted[p.promise_id][0] in ("kept", "partial", "broken")]
        n_kept = sum(wanted[p.promise_id][0] == "kept" for p in matured)
        assert (row["n_matured"], row["n_kept"]) == (len(matured), n_kept)
        if not matured:
            assert (row["share_kept"], row["share_kept_low"], row["share_amount"]) == (None, None, None)
            continue
        low, high = oracle.wilson(n_kept, len(matured))
        assert row["share_kept"] == pytest.approx(n_kept / len(matured))
        assert row["share_kept_low"] == pytest.approx(low, abs=1e-6)
        assert row["share_kept_high"] == pytest.approx(high, abs=1e-6)
        honoured = sum(min(wanted[p.promise_id][1], p.amount) for p in matured)
        assert row["share_amount"] == pytest.approx(float(honoured / sum(p.amount for p in matured)))


MADE, DUE = date(2026, 9, 1), date(2026, 9, 10)


def judged(folder: Path, promises: list[Promise], paid: list[Paid], **params: object) -> dict[object, object]:
    engine = book_of(folder, paid=paid, promises=promises)
    rows = ask(engine, "promises/promise_ledger", **{"as_of": AS_OF, **params})
    return {r["promise_id"]: (r["state"], r["allocated"]) for r in rows}


def test_one_payment_fills_the_oldest_promise_and_only_what_is_left_goes_to_the_next(tmp_path: Path) -> None:
    promises = [Promise("Z1", 0, MADE, DUE, Decimal(100)), Promise("Z2", 0, MADE, DUE, Decimal(100))]
    found = judged(tmp_path, promises, [Paid("P1", 0, date(2026, 9, 5), Decimal(130))])
    assert found == {"Z1": ("kept", Decimal(100)), "Z2": ("partial", Decimal(30))}


@pytest.mark.parametrize(
    ("paid_on", "state"),
    [(date(2026, 8, 31), "broken"), (MADE, "kept"), (date(2026, 9, 11), "kept"), (date(2026, 9, 12), "broken")],
)
def test_a_payment_counts_from_the_day_of_the_promise_to_the_last_day_of_grace(
    tmp_path: Path, paid_on: date, state: str
) -> None:
    found = judged(tmp_path, [Promise("Z1", 0, MADE, DUE, Decimal(100))], [Paid("P1", 0, paid_on, Decimal(100))])
    assert found["Z1"][0] == state  # type: ignore[index]


def test_a_reversal_counts_from_its_own_day(tmp_path: Path) -> None:
    promises = [Promise("Z1", 0, MADE, DUE, Decimal(100))]
    paid = [Paid("P1", 0, DUE, Decimal(100)), Paid("R1", 0, date(2026, 9, 20), Decimal(100), "P1")]
    engine = book_of(tmp_path, paid=paid, promises=promises)
    before = ask(engine, "promises/promise_ledger", as_of=date(2026, 9, 19))
    after = ask(engine, "promises/promise_ledger", as_of=date(2026, 9, 20))
    assert [before[0]["state"], after[0]["state"]] == ["kept", "broken"]


@pytest.mark.parametrize(("as_of", "state"), [(date(2026, 9, 11), "pending"), (date(2026, 9, 12), "broken")])
def test_a_promise_is_pending_through_its_last_day_of_grace(tmp_path: Path, as_of: date, state: str) -> None:
    assert judged(tmp_path, [Promise("Z1", 0, MADE, DUE, Decimal(100))], [], as_of=as_of)["Z1"][0] == state  # type: ignore[index]


def test_a_promise_of_nothing_or_due_before_it_was_made_is_not_judged_and_takes_no_money(tmp_path: Path) -> None:
    """Z1 of 0.00 would be kept by nothing at all. Z2, made on the 10th and due on the 9th, would be kept by a payment
    of the 10th, within its day of grace. Neither is; the 100 go to Z3 whole. The ratio is of Z3 and Z4: one of two."""
    promises = [
        Promise("Z1", 0, MADE, DUE, Decimal(0)),
        Promise("Z2", 0, DUE, date(2026, 9, 9), Decimal(100)),
        Promise("Z3", 0, DUE, date(2026, 9, 15), Decimal(100)),
        Promise("Z4", 0, DUE, date(2026, 9, 16), Decimal(40)),
    ]
    engine = book_of(tmp_path, paid=[Paid("P1", 0, DUE, Decimal(100))], promises=promises)
    rows = ask(engine, "promises/promise_ledger", as_of=AS_OF)
    assert {r["promise_id"]: (r["state"], r["allocated"]) for r in rows} == {
        "Z1": ("not_judged", Decimal(0)),
        "Z2": ("not_judged", Decimal(0)),
        "Z3": ("kept", Decimal(100)),
        "Z4": ("broken", Decimal(0)),
    }
    (ratio,) = ask(engine, "promises/kept_ratio", as_of=AS_OF, from_date=MADE, to_date=date(2026, 9, 30))
    assert (ratio["n_matured"], ratio["n_kept"], ratio["promised"]) == (2, 1, Decimal(140))
    faulty = ask(engine, "data/promises_not_judged", as_of=AS_OF)
    assert [(r["promise_id"], r["gap"]) for r in faulty] == [("Z1", "no_amount"), ("Z2", "due_before_made")]
    assert ask(engine, "data/promises_not_judged", as_of=date(2026, 8, 31)) == []
    horizon = [r for r in ask(engine, "process/promise_steps", as_of=AS_OF) if r["rule_id"] == "promise_horizon"]
    assert sorted(str(r["item_id"]) for r in horizon) == ["Z3", "Z4"]
    engine.close()


def test_the_level_of_a_promise_is_how_many_on_the_account_were_broken_before(tmp_path: Path) -> None:
    """Grace of 1: Z1 (due 3 Sep) has failed from the 5th on. Z2 is made on the 4th, when that is not known yet: 0;
    Z3 on the 5th: 1; Z2 fails on the 9th, Z4 is made on the 10th: 2. Z5 is of another account: 0. Kept: Z3 and Z5."""
    day = [date(2026, 9, n) for n in range(1, 31)]
    promises = [
        Promise("Z1", 0, day[0], day[2], Decimal(10)),
        Promise("Z2", 0, day[3], day[6], Decimal(10)),
        Promise("Z3", 0, day[4], day[9], Decimal(10)),
        Promise("Z4", 0, day[9], day[19], Decimal(10)),
        Promise("Z5", 1, day[9], day[19], Decimal(10)),
    ]
    paid = [Paid("P1", 0, day[9], Decimal(10)), Paid("P2", 1, day[9], Decimal(10))]
    engine = book_of(tmp_path, paid=paid, promises=promises)
    given = {"as_of": AS_OF, "from_date": day[0], "to_date": day[29]}
    levels = {r["promise_id"]: (r["level"], r["state"]) for r in ask(engine, "promises/promise_levels", **given)}
    assert levels == {
        "Z1": (0, "broken"),
        "Z2": (0, "broken"),
        "Z3": (1, "kept"),
        "Z4": (2, "broken"),
        "Z5": (0, "kept"),
    }
    ratios: dict[object, list[int]] = {}
    for row in ask(engine, "promises/kept_by_level", **given):
        sums = ratios.setdefault(row["level"], [0, 0])
        sums[0] += int(str(row["n_kept"]))
        sums[1] += int(str(row["n_matured"]))
    assert ratios == {0: [1, 3], 1: [1, 1], 2: [0, 1]}
    engine.close()


def test_a_withdrawn_promise_leaves_its_money_to_the_next(tmp_path: Path) -> None:
    promises = [
        Promise("Z1", 0, MADE, DUE, Decimal(100), withdrawn=date(2026, 9, 8)),
        Promise("Z2", 0, MADE, DUE, Decimal(100)),
    ]
    found = judged(tmp_path, promises, [Paid("P1", 0, date(2026, 9, 5), Decimal(100))])
    assert found == {"Z1": ("withdrawn", Decimal(0)), "Z2": ("kept", Decimal(100))}


def test_a_promise_made_after_the_day_of_judgement_does_not_exist_yet(tmp_path: Path) -> None:
    assert judged(tmp_path, [Promise("Z1", 0, MADE, DUE, Decimal(100))], [], as_of=date(2026, 8, 31)) == {}
