"""Cells of the source tables from numbers: codes as words, money as decimals, wall time as ISO 8601 text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from duewatch.demo.portfolio import ZONES
from duewatch.demo.timeline import DAY_SECONDS, MARGIN, NEVER, Bools, Ints, Timeline

PAST_DAYS = 900
"""Offsets are known from so many days before the window (payments of older accounts)."""


def words(codes: Ints, names: Sequence[str | None]) -> pl.Series:
    """Code numbers as words; a negative number is null."""
    labels = pl.Series([*names, None], dtype=pl.String)
    return labels.gather(np.where(codes < 0, len(names), codes))


def money(cents: Ints) -> pl.Series:
    frame = pl.DataFrame({"cents": cents.astype(np.int64)})
    hundred = pl.lit(100).cast(pl.Decimal(18, 2))
    return frame.select((pl.col("cents").cast(pl.Decimal(18, 2)) / hundred).cast(pl.Decimal(18, 2))).to_series()


def boolean(values: Ints | Bools) -> pl.Series:
    """0, 1, or null where negative."""
    numbers = np.asarray(values, dtype=np.int64)
    return pl.Series(numbers == 1).set(pl.Series(numbers < 0), None)


def ids(letter: str, numbers: Ints, width: int = 8) -> pl.Series:
    frame = pl.DataFrame({"n": numbers})
    return frame.select(pl.format(letter + "{}", pl.col("n").cast(pl.String).str.zfill(width))).to_series()


class Clock:
    """Wall seconds since day 0 as ISO 8601 text; offsets by zone and day."""

    def __init__(self, days: Timeline) -> None:
        seconds = pl.DataFrame({"s": np.arange(DAY_SECONDS)})
        parts = [pl.col("s") // 3600, pl.col("s") // 60 % 60, pl.col("s") % 60]
        padded = [part.cast(pl.String).str.zfill(2) for part in parts]
        self._times = seconds.select(pl.format("T{}:{}:{}", *padded)).to_series()
        self._n_days = days.n_days + MARGIN
        numbers = np.arange(-PAST_DAYS, self._n_days)
        self._dates = days.dates(numbers).cast(pl.String)
        self._offsets = pl.Series(
            [offset for zone in ZONES for offset in days.offsets(zone, PAST_DAYS)], dtype=pl.String
        )

    def text(self, wall: Ints, zone: Ints, plain: Bools | None = None) -> pl.Series:
        """Null where `wall` is negative by more than the known past, or -1; without offset where `plain`."""
        day, second = wall // DAY_SECONDS, wall % DAY_SECONDS
        missing = (wall == -1) | (day >= self._n_days)
        place = np.where(missing, 0, day) + PAST_DAYS
        offset = self._offsets.gather(np.where(missing, 0, zone * (PAST_DAYS + self._n_days) + place))
        frame = pl.DataFrame(
            {
                "date": self._dates.gather(place),
                "time": self._times.gather(np.where(missing, 0, second)),
                "offset": offset,
                "missing": missing,
                "plain": np.zeros(len(wall), dtype=np.bool_) if plain is None else plain,
            }
        )
        whole = pl.concat_str("date", "time", pl.when("plain").then(pl.lit("")).otherwise("offset"))
        return frame.select(pl.when("missing").then(None).otherwise(whole)).to_series()


def rate(basis_points: Ints) -> pl.Series:
    frame = pl.DataFrame({"n": basis_points})
    scale = pl.lit(10_000).cast(pl.Decimal(9, 4))
    return frame.select((pl.col("n").cast(pl.Decimal(9, 4)) / scale).cast(pl.Decimal(9, 6))).to_series()


def dates_or_null(days: Timeline, numbers: Ints) -> pl.Series:
    unknown = numbers >= NEVER
    return days.dates(np.where(unknown, 0, numbers)).set(pl.Series(unknown), None)
