"""A cap on calls from a day on: the past stays, the cap holds, as many are called while there is anybody to call."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from duewatch.contract.errors import DuewatchError
from duewatch.demo import lives
from duewatch.demo.book import Chunk
from duewatch.demo.call_cap import CallCap, Capped
from duewatch.demo.conduct import CHANNEL, PURPOSE
from duewatch.demo.timeline import Ints, Timeline

LIFE = {"accounts": 3000, "months": 4, "seed": 3, "as_of": date(2026, 10, 31)}
SINCE = date(2026, 9, 15)
DAY = Timeline(4, date(2026, 10, 31), ()).day_of(SINCE)


def life(cap: tuple[int, int, date] | None) -> Chunk:
    (chunk,) = lives(**LIFE, call_cap=cap)  # type: ignore[arg-type]
    return chunk


@pytest.fixture(scope="module")
def free() -> Chunk:
    return life(None)


def demands(chunk: Chunk) -> tuple[Ints, Ints]:
    """Account and day of the lender's own calls about arrears, planted ones left out."""
    log = chunk.cases.contacts
    own = (log.column("channel") == CHANNEL["call"]) & (log.column("direction") == 0)
    own &= (log.column("purpose") == PURPOSE["demand"]) & ~chunk.book.reserved[log.column("acc")]
    return log.column("acc")[own], log.column("day")[own]


def test_the_days_before_the_cap_are_those_of_the_life_without_it(free: Chunk) -> None:
    capped = life((1, 7, SINCE))
    for one, other in ((free.ledger.log, capped.ledger.log), (free.cases.contacts, capped.cases.contacts)):
        for name in ("acc", "day", "second"):
            kept = [log.column(name)[log.column("day") < DAY] for log in (one, other)]
            assert np.array_equal(*kept)
            assert len(kept[0]) > 1000
    assert free.month_ends[0].overdue.tolist() == capped.month_ends[0].overdue.tolist()
    assert free.month_ends[-1].overdue.sum() != capped.month_ends[-1].overdue.sum()


@pytest.mark.parametrize(("most", "dates"), [(1, 7), (2, 3), (0, 5)])
def test_no_account_is_called_on_more_dates_than_the_cap_allows(free: Chunk, most: int, dates: int) -> None:
    acc, day = demands(life((most, dates, SINCE)))
    called = {(int(a), int(d)) for a, d in zip(acc, day, strict=True) if d >= DAY}
    most_seen = max((sum((a, d - back) in called for back in range(dates)) for a, d in called), default=0)
    assert most_seen == most
    without = {(int(a), int(d)) for a, d in zip(*demands(free), strict=True) if d >= DAY}
    assert max(sum((a, d - back) in without for back in range(dates)) for a, d in without) > most


def test_a_cap_that_cannot_bite_changes_nothing(free: Chunk) -> None:
    same = life((7, 7, SINCE))
    for name in ("acc", "day", "second"):
        assert np.array_equal(free.ledger.log.column(name), same.ledger.log.column(name))


def test_what_the_cap_spares_goes_to_the_next_of_the_list() -> None:
    capped, acc = Capped(CallCap(1, 3, 0), 4), np.arange(4)
    share, drawn = np.full(4, 0.5), np.array([0.1, 0.2, 0.6, 0.9])
    first = capped.chosen(acc, share, drawn, 0)
    assert first.tolist() == [True, True, False, False]
    capped.note(acc[first], 0)
    second = capped.chosen(acc, share, drawn, 1)
    assert second.tolist() == [False, False, True, True]
    capped.note(acc[second], 1)
    assert not capped.chosen(acc, share, drawn, 2).any()
    capped.note(acc[:0], 2)
    assert capped.chosen(acc, share, drawn, 3).tolist() == [True, True, False, False], "the window has moved on"


@pytest.mark.parametrize(
    ("cap", "told"),
    [
        ((1, 0, SINCE), "call_cap_days is 0"),
        ((8, 7, SINCE), "call_cap is 8"),
        ((-1, 7, SINCE), "call_cap is -1"),
        ((1, 7, date(2026, 11, 1)), "call_cap_from is 2026-11-01"),
    ],
)
def test_a_cap_that_makes_no_sense_is_refused_in_a_sentence(cap: tuple[int, int, date], told: str) -> None:
    with pytest.raises(DuewatchError, match=told):
        life(cap)
