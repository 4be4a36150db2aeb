"""What the model knows of an account on a day: nothing of the day itself nor of later; a plain loop finds the same."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from duewatch.books.published import current_book
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.whatif import model_fit
from duewatch.whatif.contact_features import AGE_FROM, ASKED, EXPOSURES, LATER, MARKS, TALKS, next_time
from duewatch.whatif.features_as_of import LONG_AGO, promise_band
from duewatch.whatif.model_types import ModelSettings
from duewatch.whatif.person_day_rows import build
from duewatch.whatif.person_days import PersonDays
from duewatch.whatif.simulation_inputs import spread
from tests.support.earlier_books import until

PERIOD, CUT = (date(2026, 8, 1), date(2026, 10, 31)), date(2026, 8, 31)
BY_ROW = (
    "day",
    "age",
    "codes",
    "dials",
    "reached",
    "hour",
    "seen",
    "marks",
    "promise",
    "standing",
    "made",
    "due",
    "owed",
    "instalment",
)


def panel_of(book: Path | object, last: date, cuts: np.ndarray | None = None) -> tuple[PersonDays, model_fit.History]:
    with closing(DuckDBEngine(book, replace(Settings(), query_seconds=60))) as engine:  # type: ignore[arg-type]
        told = model_fit.history(
            lambda name, params: engine.run(name, params, WHOLE_BOOK), (PERIOD[0], last), ModelSettings()
        )
    spells = told.spells.filter(currency="CNY")
    return build(spells, told.happened, told.first, last, told.known, cuts), told


def test_the_risk_set_of_a_day_does_not_change_with_what_came_later(demo_book: Path, tmp_path: Path) -> None:
    """The book from which all that came after the day is gone gives the same rows up to it."""
    book = current_book(demo_book)
    whole, _ = panel_of(book, PERIOD[1])
    earlier, _ = panel_of(until(book, CUT, tmp_path), CUT, whole.cuts)
    cut = whole.only(whole.day <= (CUT - date(1970, 1, 1)).days)
    cut = cut.only(np.isin(cut.accounts[cut.spell], earlier.accounts[np.unique(earlier.spell)]))
    assert earlier.size == cut.size > 1000
    for name in BY_ROW:
        one, two = getattr(earlier, name), getattr(cut, name)
        rows = [k for k in range(len(one)) if k not in (1, 2, 7)] if name == "codes" else slice(None)
        assert np.array_equal(one[rows], two[rows]), name


def test_arrears_promises_and_the_next_call_are_what_a_plain_loop_finds(demo_book: Path) -> None:
    panel, told = panel_of(current_book(demo_book), PERIOD[1])
    arrears: dict[int, list[tuple[date, float, float]]] = {}
    for row in told.known.arrears.sort("changed_on").iter_rows(named=True):
        arrears.setdefault(row["account_key"], []).append(
            (row["changed_on"], float(row["owed"]), float(row["instalment"]))
        )
    promises: dict[int, list[dict[str, date]]] = {}
    for row in told.known.promises.sort("made_on").iter_rows(named=True):
        promises.setdefault(row["account_key"], []).append(row)
    for at in range(0, panel.size, 37):
        account, day = int(panel.accounts[panel.spell[at]]), date(1970, 1, 1) + timedelta(days=int(panel.day[at]))
        sums = [each for each in arrears.get(account, []) if each[0] < day]
        assert panel.owed[at] == pytest.approx(sums[-1][1] if sums else 0.0)
        made = [each for each in promises.get(account, []) if each["made_on"] < day]
        if made and (made[-1]["withdrawn_on"] is None or made[-1]["withdrawn_on"] >= day):
            assert date(1970, 1, 1) + timedelta(days=int(panel.made[at])) == made[-1]["made_on"]
        else:
            assert panel.made[at] < 0
    ahead = next_time(panel.spell, panel.dials > 0, 7)
    for at in range(0, panel.size, 53):
        later = [k for k in range(1, 8) if at + k < panel.size and panel.spell[at + k] == panel.spell[at]]
        assert ahead[at] == next((k for k in later if panel.dials[at + k] > 0), 0)


@pytest.mark.parametrize(
    ("ahead", "since", "band"),
    [
        (-8, 99, 0),
        (-7, 99, 1),
        (-1, 99, 1),
        (0, 99, 2),
        (1, 99, 2),
        (2, 99, 3),
        (5, 99, 3),
        (6, 99, 4),
        (3, 2, 5),
        (3, 3, 5),
        (3, 4, 3),
        (0, 1, 5),
        (-1, 1, 6),
        (-7, 1, 6),
        (-8, 1, 0),
    ],
)
def test_a_promise_is_near_soon_later_just_passed_or_paid_in_part(ahead: int, since: int, band: int) -> None:
    made, due = np.array([97]), np.array([100 + ahead])
    assert promise_band(100, made, due, np.array([since])).tolist() == [band]


def test_days_on_hold_are_those_that_a_loop_over_the_holds_marks() -> None:
    rng = np.random.default_rng(3)
    accounts = np.array([5, 7, 7, 9])
    origin = date(2026, 3, 1)
    rows = [
        {
            "account_key": int(rng.choice([5, 7, 8])),
            "from_on": origin + timedelta(days=int(a)),
            "to_on": origin + timedelta(days=int(a + b)),
        }
        for a, b in zip(rng.integers(-10, 40, 30), rng.integers(-1, 9, 30), strict=True)
    ]
    first = (origin - date(1970, 1, 1)).days
    actual = spread(accounts, pl.DataFrame(rows), first, first + 29)
    for place, account in enumerate(accounts):
        for at in range(30):
            day = origin + timedelta(days=at)
            held = any(row["account_key"] == account and row["from_on"] <= day <= row["to_on"] for row in rows)
            assert actual[place, at] == held


def test_what_a_talk_led_to_is_told_once_as_a_talk_or_as_a_promise(demo_book: Path) -> None:
    """Terms of every row beside a plain reading of its promise and of the talks of the days before."""
    panel, _ = panel_of(current_book(demo_book), PERIOD[1])
    kinds = dict.fromkeys(("talk", "open", "passed", "part", "partly", "fresh", "late"), 0)
    for at in range(0, panel.size, 11):
        day, made, due, age = (int(each[at]) for each in (panel.day, panel.made, panel.due, panel.age))
        back = [k for k in range(1, 8) if at - k >= 0 and panel.spell[at - k] == panel.spell[at]]
        talks = {n: sum(panel.reached[at - k] > 0 for k in back if k <= n) for n in (1, 3, 7)}
        dials = {n: sum(panel.dials[at - k] > 0 for k in back if k <= n) for n in (3, 7)}
        spell = np.flatnonzero(panel.spell[:at] == panel.spell[at])
        is_paid = bool((panel.paid[spell][panel.day[spell] >= made] > 0).any())
        is_told = made > LONG_AGO and due - day >= -7
        is_open = is_told and due >= day
        told = dict(zip(EXPOSURES, panel.seen[:, at].tolist(), strict=True))
        marks = dict(zip(MARKS, panel.marks[:, at].tolist(), strict=True))
        had_talk, had_dial = bool((panel.reached[spell] > 0).any()), bool((panel.dials[spell] > 0).any())
        assert panel.touched[at] == (2 if had_talk else 1 if had_dial else 0)
        assert [told[name] for name in TALKS] == [
            int(n >= least and not is_open)
            for n, least in ((talks[1], 1), (talks[3], 1), (talks[7], 1), (talks[7], 2), (talks[7], 3))
        ]
        ahead = due - day
        kind = "promise_near" if ahead < 2 else "promise_soon" if ahead < 6 else "promise_later"
        if is_paid:
            kind = "promise_partly"
        if day - made <= 3:
            kind = "promise_near_fresh" if kind == "promise_near" else "promise_fresh"
        held = {kind} if is_open else set()
        assert {name for name in ASKED if told[name]} == held
        for band in LATER:
            start = AGE_FROM[band - 1]
            assert {name for name in ASKED if told[f"{name}_{start}"]} == (held if age >= start else set())
        assert (marks["tried_3"], marks["tried_7"]) == (int(dials[3] > 0 or is_open), int(dials[7] > 0 or is_open))
        assert marks["promise_passed"] == int(is_told and not is_open and not is_paid)
        assert marks["promise_part"] == int(is_told and is_paid and not is_open)
        for name, is_so in (
            ("talk", talks[7] > 0 and not is_open),
            ("open", is_open),
            ("passed", marks["promise_passed"]),
            ("part", marks["promise_part"]),
            ("partly", "promise_partly" in held),
            ("fresh", "promise_fresh" in held),
            ("late", held and age >= 90),
        ):
            kinds[name] += bool(is_so)
    assert min(kinds.values()) > 5, kinds
