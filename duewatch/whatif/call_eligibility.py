"""How an account stands on a day with those who call: its state, its arm of a test, how long ago the spell was first
reminded and the last talk was held. Only who is called hangs on it; who pays does not."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from duewatch.whatif.features_as_of import LONG_AGO, PROMISES, Ints, before
from duewatch.whatif.person_days import PersonDays

STATES = ("legal", "written_off", "written_off_after_court")
REMINDED_FROM = np.array([1, 2, 3, 4, 5, 8])
"""Days since the first reminder of the spell at which the next band begins; the first band: not reminded yet."""
TALKED_UP_TO = 7
"""Days since the last talk that are told apart."""
NOT_YET = 1_000_000
KNOWN_SHARE = 0.5
"""Share of the spells that lasted long enough and were reminded, below which no reminder is supposed that the log
does not hold."""
SPARED_BELOW = 0.1
"""Share of account-days called, by that of all others, below which nobody is called who stands so."""
LEAST_DAYS = 100
REMINDED = 3
"""Row of PersonDays.stands."""
Bools = NDArray[np.bool_]


def states(account: Ints, day: Ints, told: pl.DataFrame) -> Ints:
    """Place in STATES plus one of the newest snapshot from before the day, else 0."""
    status = pl.when("is_after_court").then(pl.col("status") + "_after_court").otherwise("status")
    code = status.replace_strict(STATES, range(1, len(STATES) + 1), default=0, return_dtype=pl.Int64)
    return _code(before(account, day, told.with_columns(code.alias("code")), "seen_on"))


def arms(account: Ints, day: Ints, told: pl.DataFrame) -> Ints:
    """Place of the arm by name plus one, 0 where the assignment records none."""
    names = sorted(told["arm"].drop_nulls().unique().to_list())
    code = pl.col("arm").replace_strict(names, range(1, len(names) + 1), default=0, return_dtype=pl.Int64)
    return _code(before(account, day, told.with_columns(code.alias("code")), "assigned_on"))


def reminders(spells: pl.DataFrame, told: pl.DataFrame) -> Ints:
    """Day of the first reminder of each spell: NOT_YET where there was none, LONG_AGO where the log begins later."""
    key = [pl.col("account_key").cast(pl.Int64), pl.col("spell_no").cast(pl.Int64)]
    day = pl.col("reminded_on").to_physical().cast(pl.Int64).fill_null(LONG_AGO)
    found = spells.select(*key).join(
        told.select(*key, day.alias("at")), on=["account_key", "spell_no"], how="left", maintain_order="left"
    )
    return found["at"].fill_null(NOT_YET).to_numpy().astype(np.int64)


def levels(standing: Ints) -> tuple[int, ...]:
    """How many the promise and each row of `standing` has."""
    n_arms = int(standing[1].max(initial=0)) + 1
    return (1 + len(PROMISES), 1 + len(STATES), n_arms, 1 + len(REMINDED_FROM), 1 + TALKED_UP_TO)


def reminded_band(day: Ints, reminded: Ints) -> Ints:
    return np.searchsorted(REMINDED_FROM, day - reminded, "right").astype(np.int64)


def talked_band(since: Ints) -> Ints:
    """Days since the last talk, 0 none within TALKED_UP_TO."""
    return np.where(since <= TALKED_UP_TO, since, 0).astype(np.int64)


def by_day(panel: PersonDays, first: int, last: int) -> NDArray[np.int8]:
    """State, arm and band of the reminder, by spell and day of first to last: as the panel's rows tell, then as the
    last of them did. Who had paid before a reminder came is reminded on the next day, or as late as is usual."""
    days = np.arange(first, last + 1)
    row = np.full((len(panel.accounts), len(days)), -1, dtype=np.int64)
    inside, earlier = (panel.day >= first) & (panel.day <= last), np.flatnonzero(panel.day < first)
    row[panel.spell[inside], panel.day[inside] - first] = np.flatnonzero(inside)
    np.maximum.at(row[:, 0], panel.spell[earlier], earlier)
    row = np.maximum.accumulate(row, axis=1)
    told = np.where(row >= 0, panel.standing[:2, np.maximum(row, 0)], 0)
    band = reminded_band(days[None, :], supposed(panel)[:, None])
    return np.concatenate([told, band[None]]).astype(np.int8)


def supposed(panel: PersonDays) -> Ints:
    """Day of the first reminder of each spell as far as the panel's last day tells; else when it would have come."""
    known, lag = _known(panel), usual_lag(panel)
    if lag == NOT_YET:
        return known
    spells, start, end = _spans(panel)
    known[spells] = np.where(known[spells] == NOT_YET, np.maximum(start + lag, end + 1), known[spells])
    return known


def usual_lag(panel: PersonDays) -> int:
    """Days from a spell's first to its first reminder, the median; NOT_YET where few spells are reminded."""
    spells, start, end = _spans(panel)
    known = _known(panel)[spells]
    lags = np.sort((known - start)[np.abs(known) < NOT_YET])
    if not len(lags):
        return NOT_YET
    long_enough = (known > LONG_AGO) & (end - start > np.quantile(lags, 0.9))
    if not long_enough.any() or (known[long_enough] < NOT_YET).mean() < KNOWN_SHARE:
        return NOT_YET
    return int(lags[len(lags) // 2])


def _known(panel: PersonDays) -> Ints:
    return np.where(panel.reminded > panel.day.max(initial=0), NOT_YET, panel.reminded)


def _spans(panel: PersonDays) -> tuple[Ints, Ints, Ints]:
    """Spells, their first day and the last that the panel has of them."""
    spells, back = np.unique(panel.spell[::-1], return_index=True)
    last = panel.size - 1 - back
    return spells, panel.day[last] - panel.age[last], panel.day[last]


def spared_of(panel: PersonDays, use: Bools) -> list[Bools]:
    """By row of `PersonDays.stands` and level: history calls nobody who stands so. Who has no promise, state, arm or
    talk is never spared for that: of those the first call is still to come."""
    called = use & (panel.dials > 0)
    found = [is_rare(row, size, use, called) for row, size in zip(panel.stands, panel.stand_levels, strict=True)]
    for place, told in enumerate(found):
        told[0] &= place == REMINDED
    return found


def is_rare(row: Ints, size: int, use: Bools, called: Bools) -> Bools:
    """By level, of rows of `use`: called on less than SPARED_BELOW of the share of all other rows."""
    n, k = np.bincount(row[use], minlength=size), np.bincount(row[called], minlength=size)
    others = (k.sum() - k) / np.maximum(n.sum() - n, 1)
    return np.asarray((n >= LEAST_DAYS) & (k < SPARED_BELOW * others * n))


def is_spared(stands: Ints, spared: list[Bools]) -> Bools:
    return np.asarray(np.any([told[row] for told, row in zip(spared, stands, strict=True)], axis=0), dtype=np.bool_)


def _code(found: pl.DataFrame) -> Ints:
    return found["code"].fill_null(0).to_numpy().astype(np.int64)
