"""What was on file of an account before a day: arrears, promise, team, state, reminder. The day is never looked at."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
LONG_AGO = -1_000_000
PROMISE_FROM = np.array([-7, 0, 2, 6])
"""Days from today to the day a promise is due at which the next band begins: passed by up to a week, today or tomorrow,
within the week, later."""
PROMISES = ("promise_passed", "promise_near", "promise_soon", "promise_later", "promise_partly", "promise_part")
"""The last two: something was paid since it was made, and not everything that is late; its day is to come yet, so that
the rest may be, or is over."""
OPEN = PROMISES[1:-1]
PASSED, NEAR, PARTLY, PART = 1, 2, len(PROMISES) - 1, len(PROMISES)
"""Bands: open no longer; due today or tomorrow; open although something was paid; no longer, and something was."""


def _empty(**columns: pl.DataType | type[pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(schema={"account_key": pl.Int64, **columns})


@dataclass(frozen=True)
class FeaturesAsOf:
    """Answers of `whatif/arrears_days`, `promise_days`, `team_days`, `status_days` and `first_reminders`; without a row
    nothing is known."""

    arrears: pl.DataFrame = field(
        default_factory=lambda: _empty(changed_on=pl.Date, owed=pl.Float64, instalment=pl.Float64, planned_to=pl.Date)
    )
    promises: pl.DataFrame = field(
        default_factory=lambda: _empty(made_on=pl.Date, due_on=pl.Date, withdrawn_on=pl.Date)
    )
    teams: pl.DataFrame = field(default_factory=lambda: _empty(assigned_on=pl.Date, team=pl.String, arm=pl.String))
    states: pl.DataFrame = field(
        default_factory=lambda: _empty(seen_on=pl.Date, status=pl.String, is_after_court=pl.Boolean)
    )
    reminders: pl.DataFrame = field(default_factory=lambda: _empty(spell_no=pl.Int64, reminded_on=pl.Date))


def before(account: Ints, day: Ints, told: pl.DataFrame, on: str) -> pl.DataFrame:
    """For each account and day the newest row of `told` from an earlier day; nulls where there is none."""
    rows = pl.DataFrame({"account_key": account, "at": day - 1, "row": np.arange(len(day))}).sort("at")
    dated = told.with_columns(
        pl.col("account_key").cast(pl.Int64), pl.col(on).to_physical().cast(pl.Int64).alias("known_at")
    ).sort("known_at")
    found = rows.join_asof(
        dated, left_on="at", right_on="known_at", by="account_key", strategy="backward", check_sortedness=False
    )
    return found.sort("row")


def arrears(account: Ints, day: Ints, told: pl.DataFrame) -> tuple[Floats, Floats, Ints]:
    """Sum past due and last instalment at the end of the day before, 0 where not known; day of the plan's last."""
    found = before(account, day, told, "changed_on")
    owed, instalment = (found[name].cast(pl.Float64).fill_null(0.0).to_numpy() for name in ("owed", "instalment"))
    return owed, instalment, _number(found["planned_to"])


def promised(account: Ints, day: Ints, told: pl.DataFrame) -> tuple[Ints, Ints]:
    """When the newest promise was made and when it is due; LONG_AGO where there is none or it was taken back."""
    newest = told.unique(["account_key", "made_on"], keep="last", maintain_order=True)
    found = before(account, day, newest, "made_on")
    days = [_number(found[name]) for name in ("known_at", "due_on", "withdrawn_on")]
    is_back = (days[2] != LONG_AGO) & (days[2] < day)
    return np.where(is_back, LONG_AGO, days[0]), np.where(is_back, LONG_AGO, days[1])


def promise_band(day: Ints | int, made: Ints, due: Ints, since: Ints) -> Ints:
    """0 none, else the place in PROMISES plus one. `since`: days since the last payment of the spell."""
    ahead = due - day
    is_told = (made > LONG_AGO) & (ahead >= PROMISE_FROM[0])
    band = np.searchsorted(PROMISE_FROM[1:], ahead, "right") + 1
    paid = np.where(ahead >= 0, PARTLY, PART)
    return np.where(is_told, np.where(since > day - made, band, paid), 0).astype(np.int64)


def is_promise_open(band: Ints) -> NDArray[np.bool_]:
    return np.asarray((band > PASSED) & (band < PART))


def team(account: Ints, day: Ints, told: pl.DataFrame) -> Ints:
    """Number of the team by name; 0 where none is known."""
    names = sorted(told["team"].unique().to_list())
    code = told.with_columns(pl.col("team").replace_strict(names, range(1, len(names) + 1), return_dtype=pl.Int64))
    return before(account, day, code, "assigned_on")["team"].fill_null(0).to_numpy().astype(np.int64)


def _number(days: pl.Series) -> Ints:
    return days.to_physical().cast(pl.Int64).fill_null(LONG_AGO).to_numpy().astype(np.int64)
