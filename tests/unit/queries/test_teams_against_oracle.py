"""Observed and expected agree with plain Python on drawn books; where nobody differs, one in twenty lies outside."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import comb, isclose
from pathlib import Path

import duckdb
import polars as pl
import pytest

from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ingest.marts import fill_marts
from duewatch.metrics.multiple_comparison import BreachCounts, chance_of_so_many
from duewatch.ui.teams.summary import comparison_of, more_breaches
from tests.support.floor_books import COLLECTORS, FIRST, LAST, FloorBook, Given, drawn, engine_of
from tests.support.small_books import account, bucket_of, made_book
from tests.unit.queries import collection_oracle as oracle
from tests.unit.queries.collection_books import ask

RECOMPUTES = {
    "observed_expected": "teams/observed_expected",
    "teams_compared": "teams/observed_expected",
    "teams_outside": "teams/observed_expected",
    "teams_dispersion": "teams/observed_expected",
    "teams_conduct": "teams/conduct",
}
"""Metric to what is called here for the number that is computed a second time."""


WITHIN = 30
PERIOD = {"as_of": LAST, "from_date": FIRST, "to_date": LAST, "within_days": WITHIN}
Key = tuple[int, str, date]


@pytest.fixture(scope="module", params=[21, 22])
def book(request: pytest.FixtureRequest) -> FloorBook:
    return drawn(request.param, n_accounts=40, n_contacts=200, n_given=120)


@pytest.fixture(scope="module")
def engine(book: FloorBook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    made = engine_of(tmp_path_factory.mktemp("teams"), book)
    yield made
    made.close()


def counted(book: FloorBook) -> list[Given]:
    return [g for g in book.given if FIRST <= g.on <= LAST - timedelta(days=WITHIN)]


def stratum(book: FloorBook, given: Given) -> tuple[object, ...]:
    """Currency, bucket, days in it, balance third, grade and arm, each by its definition."""
    late = sum(
        (given.on - s.due).days
        for s in book.stretches
        if s.account == given.account and s.first <= given.on and (s.last is None or given.on <= s.last)
    )
    said = book.last_said(given.account, given.on)
    late = 0 if said in ("written_off", "paid_off") else late
    bucket = "written_off" if said == "written_off" else bucket_of(late)
    into = 0 if late == 0 else (late - 1) % 30 if late <= 180 else late - 181
    band = "none" if late == 0 else "0-2" if into <= 2 else "3-6" if into <= 6 else "7-14" if into <= 14 else "15+"
    seen = [s for s in book.seen if s.account == given.account and s.day <= given.on]
    last = max(seen, key=lambda s: s.day) if seen else None
    grade = (book.grades[last.account, last.day] if last else None) or "unknown"
    currency = book.currency(given.account)
    return currency, bucket, band, third(book, currency, last and last.balance), grade, given.arm or "none"


def third(book: FloorBook, currency: str, balance: Decimal | None) -> str:
    """By the share of the other cases of the currency with a smaller balance."""
    if balance is None:
        return "unknown"
    others = []
    for g in counted(book):
        seen = [s for s in book.seen if s.account == g.account and s.day <= g.on]
        if seen and book.currency(g.account) == currency:
            others.append(max(seen, key=lambda s: s.day).balance)
    smaller = sum(other < balance for other in others)
    place = smaller / (len(others) - 1) if len(others) > 1 else 0.0
    return "low" if place < 1 / 3 else "middle" if place < 2 / 3 else "high"


def outcome(book: FloorBook, given: Given, name: str) -> int | None:
    end = given.on + timedelta(days=WITHIN)
    if name == "reached":
        return int(
            any(
                c.account == given.account
                and c.direction == "out"
                and oracle.is_right_party(c)
                and given.on <= c.on <= end
                for c in book.contacts
            )
        )
    if name == "kept":
        now, then = (oracle.judged(book.promises, book.paid, day, 1, Decimal(1)) for day in (LAST, end))
        return int(
            any(
                p.account == given.account
                and p.made >= given.on
                and now.get(p.promise_id, ("",))[0] == "kept" == then.get(p.promise_id, ("",))[0]
                for p in book.promises
            )
        )
    return cured(book, given, end)


def cured(book: FloorBook, given: Given, end: date) -> int | None:
    """None where the account was not overdue; else whether a day without arrears came, walking day by day."""

    def is_late(day: date) -> bool:
        return any(
            s.account == given.account and s.first <= day and (s.last is None or day <= s.last) for s in book.stretches
        )

    if not is_late(given.on) or book.last_said(given.account, given.on) in ("written_off", "paid_off"):
        return None
    return int(any(not is_late(given.on + timedelta(days=n)) for n in range((end - given.on).days + 1)))


def expectations(book: FloorBook, name: str, unit: str, least: int) -> dict[Key, tuple[int, float, float, int] | None]:
    """Case -> observed, expected, variance and like cases of others; None where these are too few."""
    known = {(g.account, g.collector, g.on): (g, stratum(book, g), outcome(book, g, name)) for g in counted(book)}
    known = {key: row for key, row in known.items() if row[2] is not None}
    answer: dict[Key, tuple[int, float, float, int] | None] = {}
    for key, (given, group, own) in known.items():
        alike = [row for row in known.values() if row[1] == group]
        others = [row for row in alike if side(row[0], unit) != side(given, unit)]
        if len(others) < least:
            answer[key] = None
            continue
        expected = sum(row[2] or 0 for row in others) / len(others)
        n, share = len(alike), sum(row[2] or 0 for row in alike) / len(alike)
        answer[key] = (own or 0, expected, share * (1 - share) * n * n / (len(others) * (n - 1)), len(others))
    return answer


def side(given: Given, unit: str) -> str | None:
    return given.collector if unit == "collector" else COLLECTORS[given.collector]


@pytest.mark.parametrize("unit", ["collector", "team"])
@pytest.mark.parametrize("name", ["kept", "reached", "cured"])
def test_observed_and_expected_are_those_of_a_loop(book: FloorBook, engine: DuckDBEngine, name: str, unit: str) -> None:
    wanted = expectations(book, name, unit, 2)
    assert any(each is None for each in wanted.values())
    chosen = {**PERIOD, "outcome": name, "grouping_by": unit, "min_others": 2}
    rows = ask(engine, "teams/case_expectations", **chosen)
    assert len(rows) == len(wanted)
    for row in rows:
        each = wanted[int(str(row["account_id"])[1:]), str(row["collector_id"]), row["assigned_on"]]  # type: ignore[index]
        assert row["is_compared"] == (each is not None)
        if each is None:
            assert (row["observed"], row["expected"], row["variance"]) == (None, None, None)
            continue
        assert (row["observed"], row["n_others"]) == (each[0], each[3])
        assert isclose(row["expected"], each[1])  # type: ignore[arg-type]
        assert isclose(row["variance"], each[2], abs_tol=1e-12)  # type: ignore[arg-type]


@pytest.mark.parametrize("unit", ["collector", "team"])
def test_the_accounts_of_a_group_add_up_to_its_numbers(book: FloorBook, engine: DuckDBEngine, unit: str) -> None:
    chosen = {**PERIOD, "outcome": "kept", "grouping_by": unit, "min_others": 2}
    groups = [row for row in ask(engine, "teams/observed_expected", **chosen) if row["group_name"]]
    by_group: dict[str, list[dict[str, object]]] = defaultdict(list)
    for name in {str(group["group_name"]) for group in groups}:
        by_group[name] = ask(engine, "teams/cases_of_group", group_name=name, **chosen)
    for group in groups:
        rows = [r for r in by_group[str(group["group_name"])] if r["currency"] == group["currency"]]
        assert len(rows) == group["n_cases"]
        assert sum(bool(r["is_compared"]) for r in rows) == group["n_compared"]
        assert sum(int(r["observed"] or 0) for r in rows) == group["observed"]  # type: ignore[call-overload]
        assert isclose(sum(r["expected"] or 0.0 for r in rows), group["expected"])  # type: ignore[arg-type, misc]
        assert sum(r["collected"] for r in rows) == group["collected"]  # type: ignore[misc]


def test_cash_counts_while_the_account_was_assigned_and_within_the_days(book: FloorBook, engine: DuckDBEngine) -> None:
    rows = {
        (int(str(r["account_id"])[1:]), r["collector_id"], r["assigned_on"]): r["collected"]
        for r in ask(engine, "teams/case_outcomes", **PERIOD)
    }
    assert len(rows) == len(counted(book))
    for g in counted(book):
        end = min(g.on + timedelta(days=WITHIN), g.ended or LAST)
        wanted = sum((p.signed for p in book.paid if p.account == g.account and g.on <= p.on <= end), Decimal(0))
        assert rows[g.account, g.collector, g.on] == wanted


def test_conduct_is_breaching_contacts_over_contacts(tmp_path: Path) -> None:
    contacts = [
        {
            "contact_key": n,
            "account_key": 1,
            "contact_id": f"C{n}",
            "channel": "call",
            "direction": "out",
            "outcome": "no_answer",
            "collector_id": "K1" if n < 4 else None,
            "team": "early",
            "local_date": FIRST,
            "started_at": datetime.combine(FIRST, time(9)),
        }
        for n in range(6)
    ]
    findings = [
        {
            "finding_key": f"F{n}{m}",
            "contact_key": n,
            "account_key": 1,
            "debtor_key": 1,
            "verdict": verdict,
            "local_date": FIRST,
        }
        for n, m, verdict in ((0, 0, "breach"), (0, 1, "breach"), (1, 0, "unknown"), (0, 2, "unknown"))
    ]
    book = made_book(tmp_path, accounts=[account(1)], contacts=contacts, findings=findings)
    engine = DuckDBEngine(book, Settings())
    rows = ask(engine, "teams/conduct", from_date=FIRST, to_date=FIRST)
    told = {row["group_name"]: (row["n_contacts"], row["n_breaching"], row["n_unknown"]) for row in rows}
    assert told == {"K1": (4, 1, 1), None: (2, 0, 0)}
    assert [(r["rate_low"], r["rate_high"]) for r in rows if r["group_name"]] == [pytest.approx(oracle.wilson(1, 4))]
    engine.close()


@pytest.mark.parametrize(("own", "whole", "share"), [(0, 9, 0.1), (1, 9, 0.1), (4, 9, 0.2), (9, 9, 0.5)])
def test_the_chance_of_so_many_breaches_is_the_binomial_tail(own: int, whole: int, share: float) -> None:
    tail = sum(comb(whole, k) * share**k * (1 - share) ** (whole - k) for k in range(own, whole + 1))
    groups = [
        BreachCounts(round(share * 100), own, own),
        BreachCounts(round((1 - share) * 100), whole - own, whole - own),
    ]
    assert isclose(chance_of_so_many(groups[0], groups), tail)


def test_breaches_are_weighed_within_the_own_team() -> None:
    """K1 has all of the breaches of a team that has few; K5 has no more than its careless team."""
    rows = [("K1", "early", 1000, 9), ("K2", "early", 1000, 0), ("K5", "late", 1000, 30), ("K6", "late", 1000, 28)]
    named = pl.DataFrame(rows, schema=["group_name", "team", "n_contacts", "n_breaching"], orient="row")
    named = named.with_columns(pl.col("n_breaching").alias("breach_squares"))
    shown = {name for name, *_ in rows}
    assert more_breaches(named, shown, "collector") == ["K1"]
    assert more_breaches(named, shown, "team") == ["K5", "K6"]


def a_floor(folder: Path, seed: int, better: dict[str, float]) -> DuckDBEngine:
    """150 collectors with 60 accounts each, dealt at random; an account is cured by its bucket's and grade's chance
    alone, but for collectors in `better`, whose chance is moved by so much."""
    rng = random.Random(seed)
    accounts, given, stretches, spells, seen = [], [], [], [], []
    for key in range(9_000):
        name = f"K{key % 150:03}"
        late, grade = rng.choice([1, 5, 35]), rng.choice(["low", "high"])
        chance = {1: 0.6, 5: 0.45, 35: 0.2}[late] - (0.1 if grade == "high" else 0.0) + better.get(name, 0.0)
        ends = FIRST + timedelta(days=rng.randrange(1, 28) if rng.random() < chance else 90)
        accounts.append(account(key))
        given.append({"account_key": key, "collector_id": name, "assigned_on": FIRST})
        stretches.append(
            {
                "account_key": key,
                "spell_no": 1,
                "from_on": FIRST - timedelta(days=late - 1),
                "to_on": ends,
                "oldest_due_on": FIRST - timedelta(days=late),
            }
        )
        spells.append({"account_key": key, "spell_no": 1, "ended_on": ends})
        seen.append(
            {
                "account_key": key,
                "as_of": FIRST,
                "days_past_due": late,
                "balance": rng.choice([10, 20, 30]),
                "risk_grade": grade,
                "state": bucket_of(late),
            }
        )
    book = made_book(folder)
    with duckdb.connect(str(book.path)) as con:
        tables = {"accounts": accounts, "assignments": given, "overdue_stretches": stretches, "spells": spells}
        for table, rows in {**tables, "snapshots": seen}.items():
            path = folder / f"{table}.parquet"
            pl.DataFrame(rows, infer_schema_length=None).write_parquet(path)
            con.execute(f"insert into {table} by name select * from read_parquet('{path}')")
        fill_marts(con, Settings())
        con.execute("checkpoint")
    return DuckDBEngine(book, Settings())


def judged_on(engine: DuckDBEngine) -> dict[str, str]:
    frame = engine.run("teams/observed_expected", {**PERIOD, "outcome": "cured"}, WHOLE_BOOK)
    found = comparison_of(frame)
    assert not found.hidden
    return {each.counts.name: each.verdict for each in found.points}


def test_where_nobody_differs_about_one_in_twenty_lies_outside_the_limits(tmp_path: Path) -> None:
    verdicts: list[str] = []
    for seed in (1, 2, 3):
        folder = tmp_path / str(seed)
        folder.mkdir()
        engine = a_floor(folder, seed, {})
        verdicts += judged_on(engine).values()
        engine.close()
    outside = sum(verdict != "same" for verdict in verdicts) / len(verdicts)
    assert len(verdicts) == 450
    assert 0.025 < outside < 0.075
    assert sum(verdict.endswith("far") for verdict in verdicts) / len(verdicts) < 0.01


def test_those_who_truly_differ_are_found_with_their_sign(tmp_path: Path) -> None:
    better = {"K003": 0.35, "K050": 0.35, "K097": -0.35, "K120": -0.35}
    engine = a_floor(tmp_path, 7, better)
    verdicts = judged_on(engine)
    engine.close()
    assert {name: verdicts[name].split("_")[0] for name in better} == {
        "K003": "more",
        "K050": "more",
        "K097": "less",
        "K120": "less",
    }
    others = [verdict for name, verdict in verdicts.items() if name not in better]
    assert sum(verdict != "same" for verdict in others) / len(others) < 0.09
