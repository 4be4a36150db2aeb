"""The 95 % limits of the pages hold the truth in about 95 of 100 random slices of a book.

What the whole book is known to do is the truth for a slice of it: transitions and balances from truth.json, the share
of missed instalments from its parameters; for promises, contacts and collections, of which it says nothing, the whole
book's own number, which other tests hold against plain Python. Limits that miss too often are too narrow, and limits
that hardly ever miss are too wide to be called 95 %: of each kind, the squared distances to the truth, in units of the
limits, are added up, which tells with few slices already.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from duewatch.books.published import Book, current_book
from duewatch.compliance.scorecard import grade_accounts, load_scorecard, outcomes_by_group, separation
from duewatch.contract.scope import WHOLE_BOOK, Scope
from duewatch.contract.settings import Settings
from duewatch.demo import write_demo
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ingest import ingest
from duewatch.metrics.intervals import Z_95, wilson
from tests.support.slices import fewest_missed, least_spread, most_missed, sliced, slices, with_breaches

AS_OF = date(2026, 10, 31)
ENDS = [date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), AS_OF]
PERIOD = {"from_date": date(2026, 8, 1), "to_date": date(2026, 10, 20)}
RANK = {**{f"M{n}": n for n in range(7)}, "M7+": 7, "written_off": 8}
Row = dict[str, Any]
Key = tuple[object, ...]
Missed = defaultdict[tuple[str, str], float]
"""By rate: how many limits were `asked`, and how many lay wholly `above` or `below` the truth; `spread`: the squared
distances of the share to the truth, in standard errors as the limits have them, added up."""


@dataclass(frozen=True)
class Asked:
    """One query and the rates whose limits it gives: (share, low, high, n, fewest). A slice speaks only where n and,
    if n counts things that do or do not, both sides of n x truth are at least `fewest`. `truth`: by row."""

    query: str
    given: dict[str, Any]
    rates: tuple[tuple[str, str, str, str, int], ...]
    truth: Callable[[Row, str], float | None]
    is_counted: bool = True


def counted(found: Missed, name: str, row: Row, rate: tuple[str, str, str, str, int], asked: Asked) -> None:
    share, low, high, n, fewest = rate
    truth = asked.truth(row, share)
    if truth is None or row[low] is None:
        return
    if (min(row[n] * truth, row[n] * (1 - truth)) if asked.is_counted else row[n]) < fewest:
        return
    found[name, "asked"] += 1
    found[name, "above"] += row[low] > truth
    found[name, "below"] += row[high] < truth
    side = row[high] - row[share] if truth > row[share] else row[share] - row[low]
    found[name, "spread"] += ((truth - row[share]) / side * Z_95) ** 2 if side > 0 else 0


def moved(truth: dict[str, Any], first: date, last: date) -> Callable[[Row, str], float | None]:
    """Of the accounts of a bucket, those that got worse or cured, from truth.json's transitions. M0 is cured when paid
    off, which the share of cured shows too; accounts that left are on both of its sides."""
    rows = [
        row
        for row in truth["realised"]["transitions"]
        if (row["from_date"], row["to_date"]) == (first.isoformat(), last.isoformat())
    ]

    def of(row: Row, share: str) -> float | None:
        mine = [r for r in rows if (r["currency"], r["from"]) == (row["currency"], row["from_bucket"])]
        whole = sum(r["n_accounts"] for r in mine)
        is_worse = share == "share_worse"
        part = sum(
            r["n_accounts"]
            for r in mine
            if (
                RANK.get(r["to"], -1) > RANK[r["from"]]
                if is_worse
                else r["to"] == "paid_off" or (r["from"] != "M0" and r["to"] == "M0")
            )
        )
        return part / whole if whole else None

    return of


def standing(truth: dict[str, Any]) -> Callable[[Row, str], float | None]:
    """The share of the balance, or of the accounts, that is overdue or 90 days past due, from truth.json's aging."""
    rows = [row for row in truth["realised"]["aging"] if row["as_of"] == AS_OF.isoformat() and row["state"] in RANK]
    rows = [row for row in rows if row["state"] != "written_off"]

    def of(row: Row, _: str) -> float:
        what = "balance" if row["rate"].endswith("balance") else "n_accounts"
        least = 1 if row["rate"].startswith("overdue") else 4
        mine = [(RANK[r["state"]], float(r[what])) for r in rows if r["currency"] == row["currency"]]
        return sum(size for rank, size in mine if rank >= least) / sum(size for _, size in mine)

    return of


def missed_first(parameters: dict[str, Any]) -> float:
    """How many first instalments are missed: over the grades, and over the judgement, a standard normal number."""
    at, weights = np.polynomial.hermite_e.hermegauss(40)
    chance = 0.0
    for share, miss in zip(parameters["grade_shares"], parameters["miss_share"], strict=True):
        odds = np.log(miss / (1 - miss)) + parameters["miss_judgement_log_odds"] * at
        chance += share * float((weights / (1 + np.exp(-odds))).sum() / weights.sum())
    return chance


def whole_book(engine: DuckDBEngine, query: str, given: dict[str, Any], keys: tuple[str, ...]) -> Callable[..., float]:
    rows = engine.run(query, given, WHOLE_BOOK).to_dicts()
    by: dict[Key, Row] = {tuple(row[key] for key in keys): row for row in rows}
    return lambda row, share: by[tuple(row[key] for key in keys)][share]  # type: ignore[no-any-return]


def questions(engine: DuckDBEngine, truth: dict[str, Any]) -> Iterator[Asked]:
    for first, last in pairwise(ENDS):
        worse = ("share_worse", "worse_low", "worse_high", "n_accounts", 5)
        cured = ("share_cured", "cured_low", "cured_high", "n_accounts", 5)
        step = {"from_date": first, "to_date": last}
        yield Asked("portfolio/roll_and_cure", step, (worse, cured), moved(truth, first, last))
        paid = ("share_collected", "share_low", "share_high", "n_accounts", 20)
        days = {"from_date": first + timedelta(days=1), "to_date": last}
        own = whole_book(engine, "recovery/recovery_share", days, ("currency",))
        yield Asked("recovery/recovery_share", days, (paid,), own, is_counted=False)
    followed = {"as_of": ENDS[-2], "to_date": AS_OF, "grouping_by": "risk_grade", **load_scorecard().params}
    own = whole_book(engine, "process/outcomes_by", followed, ("currency", "group_name"))
    worse = ("share_worse", "worse_low", "worse_high", "n_followed", 5)
    cured = ("share_cured", "cured_low", "cured_high", "n_followed", 5)
    yield Asked("process/outcomes_by", followed, (worse, cured), own)
    late = ("share_to", "share_low", "share_high", "n_accounts", 100)
    yield Asked("portfolio/rate_changes", step, (late,), standing(truth), is_counted=False)
    turned = ("change", "change_low", "change_high", "n_accounts", 100)
    own = whole_book(engine, "portfolio/rate_changes", step, ("currency", "rate"))
    yield Asked("portfolio/rate_changes", step, (turned,), own, is_counted=False)
    for query, given, keys, rate in (
        (
            "promises/kept_ratio",
            {"as_of": AS_OF},
            ("currency",),
            ("share_kept", "share_kept_low", "share_kept_high", "n_matured", 5),
        ),
        (
            "contacts/promise_yield",
            {"as_of": AS_OF, "by_week": False},
            (),
            ("kept_per_contact", "kept_low", "kept_high", "n_right_party", 5),
        ),
        (
            "contacts/reach_by",
            {"grouping_by": "bucket", "channel": "call"},
            ("group_name",),
            ("share_right_party", "right_party_low", "right_party_high", "n_attempts", 5),
        ),
        (
            "contacts/reach_by",
            {"grouping_by": "bucket", "channel": "call"},
            ("group_name",),
            ("share_connected", "connected_low", "connected_high", "n_attempts", 5),
        ),
        ("contacts/coverage", {}, ("bucket",), ("share_touched", "touched_low", "touched_high", "n_overdue", 5)),
        (
            "promises/kept_by_week",
            {"as_of": AS_OF},
            ("currency", "week"),
            ("share_kept", "share_kept_low", "share_kept_high", "n_matured", 5),
        ),
        (
            "promises/kept_by_reminder",
            {"as_of": AS_OF},
            ("currency", "is_reminded"),
            ("share_kept", "share_kept_low", "share_kept_high", "n_matured", 5),
        ),
    ):
        asked = given | PERIOD
        yield Asked(query, asked, (rate,), whole_book(engine, query, asked, keys))


def added(found: Missed, more: Mapping[tuple[str, str], float]) -> None:
    for key, value in more.items():
        found[key] += value


def missed(book: Book, truth: dict[str, Any], n: int, only: tuple[str, ...] = ("",)) -> Missed:
    found: Missed = defaultdict(float)
    with closing(DuckDBEngine(book, Settings())) as engine:
        for asked in (each for each in questions(engine, truth) if each.query.startswith(only)):
            for scope in slices(n):
                for row in engine.run(asked.query, asked.given, scope).to_dicts():
                    for rate in asked.rates:
                        counted(found, f"{asked.query}.{rate[0]}", row, rate, asked)
    return found


def first_missed(book: Book, truth: dict[str, Any], n: int) -> Missed:
    """Of accounts opened in the window, whose first due date no planted fault touches. truth.json's own chance."""
    found: Missed = defaultdict(float)
    chance = missed_first(truth["parameters"])
    rate = ("share_default", "default_low", "default_high", "n_loans", 5)
    given = {"from_date": ENDS[0] + timedelta(days=1), "to_date": AS_OF, "as_of": AS_OF, "unpaid_days": 0}
    asked = Asked("portfolio/first_payment_default", given, (rate,), lambda *_: chance)
    with closing(DuckDBEngine(book, Settings())) as engine:
        for scope in slices(n):
            for row in engine.run(asked.query, given, scope).to_dicts():
                counted(found, "first_payment_default", row, rate, asked)
    return found


def told(found: Missed) -> dict[str, tuple[int, int]]:
    """By rate: limits asked, and missed on either side."""
    names = {name for name, _ in found}
    return {
        name: (int(found[name, "asked"]), int(found[name, "above"] + found[name, "below"])) for name in sorted(names)
    }


def check_not_too_wide(found: Missed) -> None:
    for name in sorted({name for name, _ in found}):
        n, mean = int(found[name, "asked"]), found[name, "spread"] / found[name, "asked"]
        print(f"{name}: {mean:.2f} of the variance that the limits say; {least_spread(n):.2f} is the least")
        assert mean >= least_spread(n), f"{name}: limits are far too wide"


def breached(book: Book, rate: float, scopes: list[Scope]) -> Missed:
    """Of breaching contacts, all and by team, channel and collector's team, where 30 or more are to be expected: fewer
    come from a handful of debtors, and their limits still are somewhat narrow."""
    found: Missed = defaultdict(float)
    given = {"from_date": date(2026, 5, 1), "to_date": AS_OF}
    asked = (
        Asked("compliance/breach_rates", given, (), lambda *_: rate),
        Asked("compliance/breaches_by_group", given | {"grouping_by": "team"}, (), lambda *_: rate),
        Asked("compliance/breaches_by_group", given | {"grouping_by": "channel"}, (), lambda *_: rate),
        Asked("teams/conduct", given | {"grouping_by": "team"}, (), lambda *_: rate),
    )
    with closing(DuckDBEngine(book, Settings())) as engine:
        for each in asked:
            for scope in scopes:
                for row in engine.run(each.query, each.given, scope).to_dicts():
                    name = f"{each.query} {each.given.get('grouping_by', '')}"
                    counted(found, name, row, ("rate", "rate_low", "rate_high", "n_contacts", 30), each)
                    low, high = wilson(row["n_breaching"], row["n_contacts"])
                    counted(
                        found,
                        f"plain {name}",
                        {**row, "rate_low": low, "rate_high": high},
                        ("rate", "rate_low", "rate_high", "n_contacts", 30),
                        each,
                    )
    return found


def separated(book: Book, n: int) -> Missed:
    """The difference of the high and the low grade, the lender's and the card's, in yuan accounts."""
    found: Missed = defaultdict(float)
    card, day = load_scorecard(), ENDS[-2]
    given = {"as_of": day, "to_date": AS_OF, **card.params}
    with closing(DuckDBEngine(book, Settings())) as engine:
        yuan = WHOLE_BOOK.narrowed(currencies=("CNY",))
        truth: dict[str, float] = {}
        for scope in (yuan, *(each.narrowed(currencies=("CNY",)) for each in slices(n))):
            facts = grade_accounts(engine.run("process/overdue_facts", given, scope), card, day)
            for by in ("risk_grade", "grade"):
                change = separation(outcomes_by_group(facts, by))
                if scope is yuan:
                    assert change is not None
                    truth[by] = change.value
                elif change is not None:
                    row = {"value": change.value, "low": change.low, "high": change.high, "n": facts.height}
                    rate = ("value", "low", "high", "n", 1)
                    asked = Asked("", {}, (), lambda *_, by=by: truth[by], is_counted=False)  # type: ignore[misc]
                    counted(found, f"separation {by}", row, rate, asked)
    return found


def truth_of(source: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((source / "truth.json").read_text(encoding="utf-8"))
    return found


def check(by_rate: dict[str, tuple[int, int]]) -> None:
    for name, (n, n_missed) in by_rate.items():
        print(f"{name}: {n_missed} of {n} missed; at most {most_missed(n)} may be")
        assert n_missed <= most_missed(n), name


def test_the_numbers_that_may_be_missed_are_those_of_the_binomial() -> None:
    assert most_missed(1, rate=0.5, chance=0.4) == 1
    assert most_missed(100) == 13  # P(X > 12) = 0.0015, P(X > 13) = 0.0005 for n = 100, p = 0.05
    assert fewest_missed(100) == 0  # P(X < 1) = 0.0059 for n = 100, p = 0.05
    assert fewest_missed(200) == 2  # P(X < 2) = 0.0004, P(X < 3) = 0.0023 for n = 200, p = 0.05
    assert least_spread(10) == pytest.approx(0.148, abs=0.01)  # chi-square of 10, 0.001: 1.479 in the tables
    assert least_spread(100) == pytest.approx(0.619, abs=0.001)  # chi-square of 100, 0.001: 61.92


def test_first_instalments_are_missed_as_often_as_the_parameters_say(demo_book: Path, tmp_path: Path) -> None:
    book = sliced(current_book(demo_book), tmp_path, 1, seed=1)
    by_rate = told(first_missed(book, truth_of(demo_book.parent / "demo_source"), 1))
    assert by_rate["first_payment_default"][0] >= 3
    check(by_rate)


def test_the_limits_of_a_few_slices_hold_what_the_book_does(demo_book: Path, tmp_path: Path) -> None:
    book = sliced(current_book(demo_book), tmp_path, 3, seed=1)
    check(told(missed(book, truth_of(demo_book.parent / "demo_source"), 3)))


def test_breaches_that_cluster_by_debtor_stay_in_their_limits(demo_book: Path, tmp_path: Path) -> None:
    """Plain Wilson limits, which take each contact for itself, do not hold them."""
    found: Missed = defaultdict(float)
    book = sliced(current_book(demo_book), tmp_path, 4, seed=1)
    for seed in range(3):
        with_breaches(book, 1000 + seed, 0.1, 0.3)
        added(found, breached(book, 0.03, slices(4)))
    by_rate = told(found)
    plain = [by_rate[name] for name in by_rate if name.startswith("plain")]
    check({name: of for name, of in by_rate.items() if not name.startswith("plain")})
    n, n_missed = (sum(column) for column in zip(*plain, strict=True))
    assert n_missed > 3 * most_missed(n) / 2


@pytest.mark.slow
def test_breaches_and_grades_of_slices_hold_the_truth_in_about_95_of_100(tmp_path: Path) -> None:
    source, books = tmp_path / "source", tmp_path / "books"
    write_demo(source, accounts=9_000, months=5, seed=31)
    ingest(source, books=books)
    whole = current_book(books)
    few = missed(sliced(whole, tmp_path, 12, seed=3), truth_of(source), 12, ("promises/kept_by", "process/outcomes_by"))
    for seed, (share, chance) in enumerate(((0.3, 0.1), (0.1, 0.3), (1.0, 0.02)) * 2):
        book = sliced(whole, tmp_path, 10, seed=seed)
        with_breaches(book, 1000 + seed, share, chance)
        added(few, {key: n for key, n in breached(book, share * chance, slices(10)).items() if key[0][:5] != "plain"})
        book.path.unlink()
    check_not_too_wide(few)
    for seed in range(6):  # slices of a fourth of the book: their own spread is less than that of a sample
        added(few, separated(sliced(whole, tmp_path, 4, seed=100 + seed), 4))
    by_rate = told(few)
    assert {"promises/kept_by_week.share_kept", "separation grade", "teams/conduct team"} <= set(by_rate)
    check(by_rate)


@pytest.mark.slow
def test_the_limits_of_slices_hold_the_truth_in_about_95_of_100(tmp_path: Path) -> None:
    source, books = tmp_path / "source", tmp_path / "books"
    write_demo(source, accounts=9_000, months=5, seed=31)
    ingest(source, books=books)
    whole, truth = current_book(books), truth_of(source)
    found = missed(sliced(whole, tmp_path, 40, seed=1), truth, 40)
    found |= first_missed(sliced(whole, tmp_path, 5, seed=2), truth, 5)
    by_rate = told(found)
    assert len(by_rate) == 14
    check(by_rate)
    check_not_too_wide(found)
    n, n_missed = (sum(column) for column in zip(*by_rate.values(), strict=True))
    print(f"in all {n_missed} of {n}")
    assert n >= 800
    assert n_missed >= fewest_missed(n), "limits that hardly ever miss are too wide for 95 %"
