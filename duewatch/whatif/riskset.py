"""The risk set: one row per overdue account and day, with what was known before that day and whether it paid.

An account is at risk on a day when it was overdue at the end of the day before: from the second day of a spell to the
day after its last, on which it was paid up (cure), or to the end of the period. Covariates are whole
numbers (bands), so that rows alike can be counted together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
AGE_FROM = np.array([2, 4, 8, 16, 31, 61, 91, 181])
"""Days in the spell at which the next band begins."""
SINCE_FROM = np.array([4, 15, 31, 61])
"""Days since the last payment of the spell at which the next band begins; the last band: none yet."""
MONTH_FROM = np.array([5, 9, 11, 14, 16, 21, 26])
NEVER = 10_000
EXPOSURES = ("reached_1", "reached_3", "reached_7", "reached_7_twice", "reached_7_thrice")
ATTEMPTS = ("tried_3", "tried_7", "tried_7_twice", "tried_7_thrice")
EFFECT = np.array([1 / 3, 1.0, 1.0, 0.0, 0.0])
"""What one talk does on each of the three days after it, on average, in the terms of EXPOSURES."""
NAMES = ("age", "grade", "product", "past", "since", "weekday", "month")


@dataclass(frozen=True)
class Panel:
    """Rows ordered by spell and day. `codes`: covariates by row (NAMES); `levels`: how many each has; `dials`,
    `reached`: calls of that day; `seen`, `tried`: EXPOSURES and ATTEMPTS before that day, 0 or 1; `amount`: paid."""

    spell: Ints
    debtor: Ints
    day: Ints
    age: Ints
    codes: Ints
    levels: tuple[int, ...]
    dials: Ints
    reached: Ints
    seen: Ints
    tried: Ints
    paid: Ints
    amount: Floats
    is_last: NDArray[np.bool_]
    accounts: Ints

    @property
    def size(self) -> int:
        return len(self.spell)

    def until(self, day: int) -> NDArray[np.bool_]:
        return self.day <= day


def build(spells: pl.DataFrame, happened: pl.DataFrame, first: date, last: date) -> Panel:
    """From `overdue_spells` and `person_days`. Days before `first` are used for what was known, and hold no row."""
    spells = spells.sort("account_key", "spell_no")
    start, end = _number(spells["started_on"]), _number(spells["ended_on"].fill_null(last)) + 1
    begin, stop = np.maximum(start + 1, _day(first)), np.minimum(end, _day(last))
    length = np.maximum(stop - begin + 1, 0)
    spell = np.repeat(np.arange(len(length)), length)
    offset = np.arange(len(spell)) - np.repeat(np.cumsum(length) - length, length)
    day = begin[spell] + offset
    account = spells["account_key"].to_numpy().astype(np.int64)
    dials, reached, amount = _looked_up(account[spell], day, happened)
    paid = (amount > 0).astype(np.int64)
    age = day - start[spell]
    since = _since(spell, np.arange(len(spell)), paid)
    grades, products = (
        spells[name].cast(pl.Categorical).to_physical().to_numpy() for name in ("risk_grade", "product")
    )
    past = np.minimum(spells["spell_no"].to_numpy() - 1, 2)
    codes = np.stack(
        [
            np.searchsorted(AGE_FROM, age, "right"),
            _dense(grades)[spell],
            _dense(products)[spell],
            past[spell],
            np.where(since == NEVER, len(SINCE_FROM) + 1, np.searchsorted(SINCE_FROM, since, "right")),
            (day + 3) % 7,
            month_band(day),
        ]
    ).astype(np.int64)
    levels = tuple(int(row.max()) + 1 if len(row) else 1 for row in codes)
    is_last = (day == end[spell]) & spells["ended_on"].is_not_null().to_numpy()[spell]
    seen, tried = exposures(spell, dials, reached)
    debtor = spells["debtor_key"].to_numpy().astype(np.int64)
    return Panel(
        spell, debtor[spell], day, age, codes, levels, dials, reached, seen, tried, paid, amount, is_last, account
    )


def exposures(spell: Ints, dials: Ints, reached: Ints) -> tuple[Ints, Ints]:
    """EXPOSURES and ATTEMPTS of each row, from the days before it in its spell."""
    talks = {d: _before(spell, reached > 0, d) for d in (1, 3, 7)}
    tries = {d: _before(spell, dials > 0, d) for d in (3, 7)}
    return seen_terms(talks[1], talks[3], talks[7]), tried_terms(tries[3], tries[7])


def seen_terms(one: Ints, three: Ints, seven: Ints) -> Ints:
    return np.stack([one >= 1, three >= 1, seven >= 1, seven >= 2, seven >= 3]).astype(np.int64)


def tried_terms(three: Ints, seven: Ints) -> Ints:
    return np.stack([three >= 1, seven >= 1, seven >= 2, seven >= 3]).astype(np.int64)


def month_band(day: Ints) -> Ints:
    """Band of the day of the month: paydays move payments."""
    when = day.astype("datetime64[D]")
    of_month = (when - when.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    return np.asarray(np.searchsorted(MONTH_FROM, of_month, "right"), dtype=np.int64)


def _before(spell: Ints, happened: NDArray[np.bool_], n_days: int) -> Ints:
    """How many of the `n_days` rows before each, of the same spell, had it."""
    total = np.concatenate(([0], np.cumsum(happened.astype(np.int64))))
    at = np.arange(len(spell))
    start = np.searchsorted(spell, spell, "left")
    return np.asarray(total[at] - total[np.maximum(at - n_days, start)], dtype=np.int64)


def after(spell: Ints, happened: NDArray[np.bool_], n_days: int) -> Ints:
    """How many of the `n_days` rows after each, of the same spell, have it."""
    total = np.concatenate(([0], np.cumsum(happened.astype(np.int64))))
    at = np.arange(len(spell))
    stop = np.searchsorted(spell, spell, "right")
    return np.asarray(total[np.minimum(at + 1 + n_days, stop)] - total[at + 1], dtype=np.int64)


def _since(spell: Ints, at: Ints, paid: Ints) -> Ints:
    """Rows since the last payment before each row of its spell; NEVER where there is none."""
    last = np.maximum.accumulate(np.where(paid > 0, at, -1)) if len(at) else at
    last = np.concatenate(([-1], last[:-1])) if len(at) else at
    return np.where(last >= np.searchsorted(spell, spell, "left"), at - last, NEVER)


def _looked_up(account: Ints, day: Ints, happened: pl.DataFrame) -> tuple[Ints, Ints, Floats]:
    rows = pl.DataFrame({"account_key": account, "day": day})
    told = happened.select(
        pl.col("account_key").cast(pl.Int64),
        pl.col("happened_on").to_physical().cast(pl.Int64).alias("day"),
        "n_dials",
        "n_reached",
        pl.col("amount").cast(pl.Float64),
    )
    found = rows.join(told, on=["account_key", "day"], how="left", maintain_order="left").fill_null(0)
    return tuple(found[name].to_numpy() for name in ("n_dials", "n_reached", "amount"))  # type: ignore[return-value]


def _dense(codes: NDArray[np.generic]) -> Ints:
    return np.asarray(np.unique(codes, return_inverse=True)[1], dtype=np.int64)


def _number(days: pl.Series) -> Ints:
    return days.to_physical().to_numpy().astype(np.int64)


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days
