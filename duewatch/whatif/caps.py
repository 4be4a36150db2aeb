"""L0: the contacts that a cap counts, marked as history went and as enforcing it would have gone; by bucket where a
scenario says so.

The log is read once for both sides of a comparison, from one window before the period on: what lies further back can
neither fill a window of the period nor be stopped in it. `compliance/recount.py` is the measure of this one
(tests/unit/whatif/test_caps.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from duewatch.compliance import policy_recount as recount
from duewatch.compliance.compiled_rules import Compiled, unit_of
from duewatch.compliance.pack_types import Pack
from duewatch.compliance.policy_recount import LONGEST_DAYS, Days, Limit, Marks
from duewatch.compliance.rule_kinds import Window
from duewatch.contract.errors import ScenarioError
from duewatch.contract.localised_errors import LocalisedText, localised_error
from duewatch.contract.scope import Scope
from duewatch.contract.settings import Settings
from duewatch.engines import Ask, Scalar
from duewatch.engines.query_files import query_file
from duewatch.whatif.query_session import Period
from duewatch.whatif.scenario import Scenario

_WHOLE_PERIOD = 1_000_000
_LONG_AGO = np.int64(-(2**40))
_CHUNK = 2_000
"""Scopes replayed side by side under all limits of the grid: 2,000 x 300 limits x 10 places."""


@dataclass(frozen=True)
class Cap:
    """A rule with the limit for every debt, and those for debts in one bucket in place of it."""

    compiled_rule: Compiled
    limit: Limit
    by_bucket: tuple[tuple[str, Limit], ...] = ()

    @property
    def unit(self) -> str:
        return unit_of(self.limit.window, "trailing")


def cap_of(packs: Mapping[str, Pack], scenario: Scenario, settings: Settings) -> Cap:
    """What a scenario caps. A limit of one day is one of a single date. Raises RuleError, ScenarioError."""
    compiled_rule = recount.cap_of(packs, str(scenario.value("cap_rule")), settings)
    limit = _limit(compiled_rule, scenario.value("cap_max"), scenario.value("cap_days"), None)
    if limit.window.unit != "local_date" and any(name.endswith(".cap_days") for name, _ in scenario.levers):
        unit = LocalisedText(f"refused.by.{limit.window.unit}")
        raise localised_error(ScenarioError, "bucket_by_dates", where="cap_days", rule=compiled_rule.rule.id, unit=unit)
    by_bucket = [
        (bucket, _limit(compiled_rule, levers.get("cap_max"), levers.get("cap_days"), limit))
        for bucket, levers in scenario.by_bucket.items()
        if {"cap_max", "cap_days"} & set(levers)
    ]
    return Cap(compiled_rule, limit, tuple(by_bucket))


def _limit(compiled_rule: Compiled, max_count: Any, days: Any, base_limit: Limit | None) -> Limit:
    """The rule's own limit, or `base_limit`, with another number or another count of dates."""
    limit = base_limit or recount.limit_of(compiled_rule)
    window = limit.window if days is None else Window("local_date", int(days))
    if window.unit == "day":
        window = Window("local_date", window.length)
    return Limit(limit.max_count if max_count is None else int(max_count), window)


def contacts_of(whole: Ask, cap: Cap, period: Period) -> pl.DataFrame:
    """`compliance/cap_contacts` of the whole book, from one window before the period on; scopes lie together, each in
    its order."""
    query = query_file("compliance/cap_contacts")
    windows = [limit.window for limit in (cap.limit, *dict(cap.by_bucket).values())]
    first = recount.since(windows, period[0])
    window: dict[str, Scalar] = {"from_date": first, "to_date": period[1], "window_unit": cap.unit}
    params: dict[str, Scalar] = {**cap.compiled_rule.params, **window}
    contacts = whole("compliance/cap_contacts", {param.name: params[param.name] for param in query.params})
    scope = ("first_contact", "first_debt")
    return contacts.sort(*scope, "place").drop(scope)


def mark_contacts(contacts: pl.DataFrame, cap: Cap, period: Period) -> pl.DataFrame:
    """The period's contacts with `is_over` (past the limit as history went) and `is_stopped` (held back, had the limit
    been enforced from the period's first day on). Every contact is judged by the limit of its own debt's bucket."""
    days, place = arrays(contacts)
    limits = [cap.limit, *dict(cap.by_bucket).values()]
    names = [bucket for bucket, _ in cap.by_bucket]
    limit_no = np.array([names.index(b) + 1 if b in names else 0 for b in contacts["bucket"].to_list()], dtype=np.int64)
    pairs = [(limit.max_count, _width(limit)) for limit in limits]
    over = np.zeros(len(days), dtype=bool)
    for number, (max_count, width) in enumerate(pairs):
        over |= recount.counted_over(days, place, max_count, width) & (limit_no == number)
    begins = day_number(period[0])
    most = np.array([pair[0] for pair in pairs], dtype=np.int64)[limit_no]
    widths = np.array([pair[1] for pair in pairs], dtype=np.int64)[limit_no]
    is_stopped = mark_stopped(days, place, most, widths, begins)
    return contacts.with_columns(pl.Series("is_over", over), pl.Series("is_stopped", is_stopped)).filter(
        pl.col("local_date") >= period[0]
    )


def mark_stopped(days: Days, place: Days, most: Days, widths: Days, begins: int) -> Marks:
    """recount.stopped with a limit of its own for every contact: the k-th contacts of all scopes at once, each beside
    the `most`-th last that was let through."""
    marks = np.zeros(len(days), dtype=bool)
    starts, lengths = _scopes(place)
    size = max(1, int(most.max(initial=0)))
    ring = np.full((len(starts), size), _LONG_AGO)
    head = np.zeros(len(starts), dtype=np.int64)
    for k in range(int(lengths[0]) if len(lengths) else 0):
        live = np.arange(np.searchsorted(-lengths, -k, side="left"))
        rows = starts[live] + k
        day, n = days[rows], most[rows]
        full = ring[live, (head[live] - n) % size]
        stop = ((n == 0) | (day - full < widths[rows])) & (day >= begins)
        marks[rows[stop]] = True
        passed = live[~stop]
        ring[passed, head[passed]] = day[~stop]
        head[passed] = (head[passed] + 1) % size
    return marks


def frontier(contacts: pl.DataFrame, scope: Scope, period: Period) -> pl.DataFrame:
    """max_count, window_days, n_over, n_stopped of the scope's contacts for all 300 limits (1-10 contacts in 1-30
    dates), in one pass over the log. `contacts`: ordered for windows of dates."""
    days, place = arrays(contacts)
    begins, counts = day_number(period[0]), in_scope(contacts, scope, period)
    over = [
        [int((recount.counted_over(days, place, n, width) & counts).sum()) for n in range(1, recount.LARGEST_MAX + 1)]
        for width in range(1, LONGEST_DAYS + 1)
    ]
    stopped = _count_stopped(days, place, counts, begins)
    rows = [
        {"max_count": n + 1, "window_days": w + 1, "n_over": over[w][n], "n_stopped": int(stopped[w, n])}
        for n in range(recount.LARGEST_MAX)
        for w in range(LONGEST_DAYS)
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("max_count", "window_days", "n_over", "n_stopped"), pl.Int64))


def in_scope(contacts: pl.DataFrame, scope: Scope, period: Period) -> Marks:
    """Marks the contacts that count: of the scope, from the period's first day on."""
    numbered = contacts.with_row_index("row")
    rows = recount.in_scope(numbered, scope).filter(pl.col("local_date") >= period[0])["row"].to_numpy()
    marks = np.zeros(contacts.height, dtype=bool)
    marks[rows] = True
    return marks


def _count_stopped(days: Days, place: Days, counts: Marks, begins: int) -> Days:
    """Contacts stopped by window (rows) and number (columns)."""
    starts, lengths = _scopes(place)
    early = days.min(initial=0)
    counted = np.zeros((LONGEST_DAYS, recount.LARGEST_MAX), dtype=np.int64)
    widths = np.arange(1, LONGEST_DAYS + 1, dtype=np.int16)[None, :, None]
    for first in range(0, len(starts), _CHUNK):
        chunk_starts, chunk_lengths = starts[first : first + _CHUNK], lengths[first : first + _CHUNK]
        counted += _count_stopped_in_chunk(
            (days - early).astype(np.int16), chunk_starts, chunk_lengths, counts, int(begins - early), widths
        )
    return counted


def _count_stopped_in_chunk(days: Any, starts: Days, lengths: Days, counts: Marks, begins: int, widths: Any) -> Days:
    """`ring[i, w, n]`: the last n + 1 days that limit (n + 1, w + 1) let through in scope i, oldest in turn."""
    most = recount.LARGEST_MAX
    shape = (len(starts), LONGEST_DAYS, most)
    ring = np.full((*shape, most), np.int16(-10_000), dtype=np.int16)
    head = np.zeros(shape, dtype=np.int8)
    counted = np.zeros(shape[1:], dtype=np.int64)
    sizes = np.arange(1, most + 1, dtype=np.int8)
    for k in range(int(lengths[0])):
        n_live = int(np.searchsorted(-lengths, -k, side="left"))
        rows = starts[:n_live] + k
        day = days[rows][:, None, None]
        slot = head[:n_live, :, :, None].astype(np.intp)
        oldest = np.take_along_axis(ring[:n_live], slot, axis=3)[..., 0]
        stop = (day - oldest < widths) & (day >= begins)
        counted += stop[counts[rows]].sum(axis=0)
        np.put_along_axis(ring[:n_live], slot, np.where(stop, oldest, day)[..., None], axis=3)
        head[:n_live] = np.where(stop, head[:n_live], (head[:n_live] + 1) % sizes)
    return counted


def safe_under(limit: Limit) -> list[tuple[int, int]]:
    """For each window of the grid (1-30 dates) the largest number of contacts that can never break a limit of
    contacts in dates, however they fall: (window, number), 0 where none can. Empty for a window that is not of
    dates."""
    if limit.window.unit not in ("local_date", "day", "week"):
        return []
    length = {"day": 1, "week": 7}.get(limit.window.unit, limit.window.length)
    return [(width, limit.max_count // -(-length // width)) for width in range(1, LONGEST_DAYS + 1)]


def arrays(contacts: pl.DataFrame) -> tuple[Days, Days]:
    """Local days as numbers, and places in their scopes."""
    return contacts["local_date"].to_physical().cast(pl.Int64).to_numpy(), contacts["place"].to_numpy()


def _scopes(place: Days) -> tuple[Days, Days]:
    """Where each scope begins and how many contacts it has, the longest first."""
    starts = np.flatnonzero(place == 1)
    lengths = np.diff(np.append(starts, len(place)))
    order = np.argsort(-lengths, kind="stable")
    return starts[order], lengths[order]


def _width(limit: Limit) -> int:
    return limit.window.length if limit.window.unit == "local_date" else _WHOLE_PERIOD


def day_number(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def by_team(marks: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """team, n_counted and, of today and the scenario, contacts over and stopped."""
    today, scenario = (recount.by_group(contacts, "team") for contacts in marks)
    renamed = scenario.select(
        "team", pl.col("n_over").alias("n_over_then"), pl.col("n_stopped").alias("n_stopped_then")
    )
    return today.join(renamed, on="team", how="left", nulls_equal=True)
