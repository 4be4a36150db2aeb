"""Who may be called: the log and the book are read as a plain loop reads them, later days are not looked at, and calls
that a cap sets free do not go to accounts that nobody calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest

from duewatch.books.published import current_book
from duewatch.whatif import call_eligibility as standing
from duewatch.whatif.call_policy import Policy, stands_of
from duewatch.whatif.call_propensity import propensity
from duewatch.whatif.features_as_of import FeaturesAsOf
from duewatch.whatif.hazard import fit_hazard, sample_of
from duewatch.whatif.person_day_rows import build
from duewatch.whatif.person_days import PersonDays
from duewatch.whatif.simulation import Run, run_days
from duewatch.whatif.simulation_inputs import SimulationInputs, begin, learn, seats_of
from tests.support.worlds import FIRST, world
from tests.unit.whatif.test_features_as_of import PERIOD, panel_of

EPOCH = date(1970, 1, 1)
STATE_CODES = {"legal": 1, "written_off": 2}
ACCOUNTS, DAYS, CAP = 3000, 30, (1, 7)


@pytest.fixture(scope="module")
def panel(demo_book: Path) -> PersonDays:
    return panel_of(current_book(demo_book), PERIOD[1])[0]


def rows_by_account(book: Path, sql: str) -> dict[int, list[tuple[Any, ...]]]:
    """Rows by account, in order of their second column."""
    actual: dict[int, list[tuple[Any, ...]]] = {}
    with duckdb.connect(str(current_book(book).path), read_only=True) as con:
        for row in con.execute(sql + " order by told_on").fetchall():
            actual.setdefault(int(row[0]), []).append(row[1:])
    return actual


def test_state_arm_reminder_and_last_talk_are_what_a_plain_loop_finds(demo_book: Path, panel: PersonDays) -> None:
    states = rows_by_account(demo_book, "select account_key, as_of as told_on, status from snapshots")
    arms = rows_by_account(demo_book, "select account_key, assigned_on as told_on, arm from assignments")
    log = rows_by_account(
        demo_book,
        "select account_key, coalesce(local_date, cast(started_at as date)) as told_on, channel, direction, outcome, "
        "purpose, role, right_party from contacts",
    )
    names = sorted({arm for rows in arms.values() for _, arm in rows if arm})
    log_start = min(rows[0][0] for rows in log.values())
    seen: set[tuple[int, int]] = set()
    for at in np.random.default_rng(3).choice(panel.size, 2500, replace=False).tolist():
        account, day = int(panel.accounts[panel.spell[at]]), EPOCH + timedelta(days=int(panel.day[at]))
        start = day - timedelta(days=int(panel.age[at]))
        expected = (
            state_of(states.get(account, []), day),
            next((names.index(arm) + 1 for on, arm in reversed(arms.get(account, [])) if on < day and arm), 0),
            band_of(log.get(account, []), start, day, log_start),
            talk_of(log.get(account, []), start, day),
        )
        assert tuple(panel.standing[:, at]) == expected, (account, day)
        seen |= set(enumerate(expected))
    assert {(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 0), (2, 1), (2, 6), (3, 0), (3, 1), (3, 7)} <= seen


def state_of(rows: list[tuple[Any, ...]], day: date) -> int:
    code, was_legal = 0, False
    for on, status in rows:
        if on < day:
            was_legal = status == "legal" or (was_legal and status not in ("active", "restructured"))
            code = STATE_CODES.get(status, 0) + (1 if status == "written_off" and was_legal else 0)
    return code


def band_of(rows: list[tuple[Any, ...]], start: date, day: date, log_start: date) -> int:
    first = next(
        (
            on
            for on, channel, direction, outcome, purpose, role, _ in rows
            if start <= on < day
            and channel in ("sms", "email", "app")
            and direction == "out"
            and outcome == "delivered"
            and role in (None, "debtor", "unknown")
            and purpose not in ("reply", "statutory_notice", "locate", "relay")
        ),
        None,
    )
    if start < log_start:
        return 6
    return 0 if first is None else sum((day - first).days >= since for since in (1, 2, 3, 4, 5, 8))


def talk_of(rows: list[tuple[Any, ...]], start: date, day: date) -> int:
    """Days since the last talk, of the days that the panel holds: those after the spell's first."""
    days = [
        (day - on).days
        for on, channel, direction, outcome, _, role, right_party in rows
        if start < on < day
        and (channel, direction, outcome) == ("call", "out", "conversation")
        and role in (None, "debtor", "unknown")
        and right_party is not False
    ]
    return days[-1] if days and days[-1] <= 7 else 0


def simulation_inputs_of(panel: PersonDays, first: int, last: int) -> SimulationInputs:
    held = np.zeros((len(panel.accounts), last - first + 1), dtype=np.bool_)
    return learn(panel, propensity(panel, ridge=1.0, seed=1), first, last, held, panel.day <= last)


def test_days_that_are_run_again_begin_as_the_log_stood(panel: PersonDays) -> None:
    """Accounts with a row before the first day; a spell that begins later is told from its own first row."""
    first = int(panel.day.max()) - 20
    inputs = simulation_inputs_of(panel, first, first + 20)
    state = begin(inputs)
    live = np.flatnonzero(state.entry == first)
    rows = np.flatnonzero(panel.day == first)
    assert np.array_equal(panel.spell[rows], state.spells[live])
    actual = stands_of(inputs, state, seats_of(inputs, state), live, first, panel.promise[rows])
    assert np.array_equal(actual, panel.stands[:, rows])
    assert len(rows) > 100


def test_nothing_that_came_after_the_last_known_day_tells_who_may_be_called(panel: PersonDays) -> None:
    """State and arm stay as they were; the reminder goes on being days ago; who was not reminded is supposed to be."""
    young = (panel.age == 2) & (panel.standing[2] == 0) & ~panel.is_last & (panel.day <= panel.day.max() - 30)
    origin = int(np.bincount(panel.day[young]).argmax())
    past = panel.only(panel.day <= origin)
    actual = standing.by_day(past, origin + 1, origin + 30)
    at = np.flatnonzero((past.day == origin) & ~past.is_last)
    spells = past.spell[at]
    assert np.array_equal(actual[:2, spells], np.repeat(past.standing[:2, at][:, :, None], 30, axis=2))
    was = past.standing[2, at] > 0
    days = origin + 1 + np.arange(30)
    told_days = panel.reminded[spells][:, None]
    assert np.array_equal(actual[2, spells][was], standing.reminded_band(days[None, :], told_days)[was])
    fresh = ~was & (past.age[at] == 2)
    assert fresh.sum() >= 3
    assert (actual[2, spells][fresh, -1] == 6).all()


def test_a_spell_that_ended_before_its_reminder_would_have_been_reminded_the_day_after(panel: PersonDays) -> None:
    supposed = standing.supposed(panel)
    ended = panel.is_last & (panel.reminded[panel.spell] == standing.NOT_YET) & (panel.age <= 2)
    assert ended.sum() >= 5
    day = supposed[panel.spell[ended]]
    assert (day > panel.day[ended]).all()
    assert (day <= panel.day[ended] + 3).all()
    unchanged = panel.reminded != standing.NOT_YET
    assert np.array_equal(supposed[unchanged], panel.reminded[unchanged])


def test_where_few_spells_are_reminded_no_reminder_is_supposed(panel: PersonDays) -> None:
    rare = np.where(np.arange(len(panel.reminded)) % 4 == 0, panel.reminded, standing.NOT_YET)
    assert np.array_equal(standing.supposed(replace(panel, reminded=rare)), rare)


def test_who_stands_as_nobody_is_called_is_spared_and_others_are_not() -> None:
    n, called = np.array([1000, 400, 99, 150]), np.array([200, 8, 0, 4])
    row = np.repeat(np.arange(4), n)
    dialled = np.concatenate([np.arange(size) < k for size, k in zip(n, called, strict=True)])
    use = np.ones(len(row), dtype=np.bool_)
    # others are called 17 % of their days where level 1 is 2 %, so 10 % of that bars 1.7 %; level 2 has too few days
    assert standing.is_rare(row, 4, use, dialled).tolist() == [False, False, False, False]
    called[1] = 5
    dialled = np.concatenate([np.arange(size) < k for size, k in zip(n, called, strict=True)])
    assert standing.is_rare(row, 4, use, dialled).tolist() == [False, True, False, False]
    assert standing.is_spared(np.array([[0, 1, 1]]), [np.array([False, True])]).tolist() == [False, True, True]


def test_calls_that_a_cap_sets_free_do_not_go_to_accounts_in_court() -> None:
    """Half the accounts are in court, where nobody may call. Told so the model says what a cap does to talks; with
    the same log and no state it gives the free calls to them, and says too little."""
    how = {"accounts": ACCOUNTS, "barred": 0.5, "share": 0.25}
    truth = np.mean([change(talks(s, CAP, how), talks(s, None, how)) for s in range(1, 4)])
    spells, happened, _ = world(1, **how)  # type: ignore[arg-type]
    in_court = pl.DataFrame({"account_key": range(ACCOUNTS // 2)}).with_columns(
        pl.lit(FIRST - timedelta(days=9)).alias("seen_on"),
        pl.lit("legal").alias("status"),
        pl.lit(False).alias("is_after_court"),
    )
    sentences = [
        modelled(build(spells, happened, FIRST, FIRST + timedelta(days=DAYS - 1), known))
        for known in (FeaturesAsOf(states=in_court), FeaturesAsOf())
    ]
    assert truth < -0.2
    assert sentences[0] == pytest.approx(truth, abs=0.04)
    assert sentences[1] > truth + 0.1


def talks(seed: int, cap: tuple[int, int] | None, how: dict[str, Any]) -> float:
    return float(world(seed, cap=cap, **how)[1]["n_reached"].sum())


def change(two: float, one: float) -> float:
    return two / one - 1


def modelled(panel: PersonDays) -> float:
    inputs = simulation_inputs_of(panel, int(panel.day.min()), int(panel.day.max()))
    hazard = fit_hazard(sample_of(panel, 1, most=200_000), ridge=1.0)
    one, two = (run_days(inputs, hazard, each, Run(1, 0)).total("talks") for each in (Policy(), Policy(cap=CAP)))
    return change(two, one)


def test_who_was_never_talked_to_is_not_spared_for_that_but_who_was_not_reminded_is() -> None:
    """Where the list keeps to those it reached, the others are seldom called; yet theirs is the next call to come."""
    spells, happened, _ = world(1, accounts=ACCOUNTS, barred=0.5, share=0.25)
    panel = build(spells, happened, FIRST, FIRST + timedelta(days=DAYS - 1))
    use = np.ones(panel.size, dtype=np.bool_)
    talked = panel.stands[4]
    assert standing.is_rare(talked, 8, use, panel.dials > 0)[0]
    assert not any(rows_by_account.any() for rows_by_account in standing.spared_of(panel, use))
    waits = replace(panel, standing=np.stack([*panel.standing[:2], talked, panel.standing[3]]))
    assert standing.spared_of(waits, use)[standing.REMINDED][0]
