"""The queries that the app was asked lately, so that they can be asked again of the next book.

A small file beside the books holds name, parameters and scope of each query. A query about one account, contact or
person is left out, so the file names nobody. A day is stored by its place among the book's snapshot days: the last day
of one book becomes the last day of the next.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from duewatch.contract.scope import Scope
from duewatch.engines import Params, Scalar

FILE = "recent_queries.json"
FAR_DAYS = 36_525
"""A day further from the last snapshot stands for an open end, and does not move with the snapshots."""
MOST = 400
"""Queries kept; the one unused for longest goes first."""
CODES = {
    "bucket",
    "channel",
    "component",
    "dim_1",
    "dim_2",
    "directions",
    "entry_bucket",
    "from_bucket",
    "gap",
    "grouping_by",
    "in_letters",
    "in_messages",
    "kind",
    "limits",
    "measure",
    "min_bucket",
    "multi_debt",
    "outcome",
    "pack_id",
    "rule_id",
    "scope",
    "segment_by",
    "state",
    "step",
    "table_name",
    "then_by",
    "to_bucket",
    "unable_causes",
    "unwilling_causes",
    "verdict",
    "window_unit",
}
"""Text parameters whose values are codes. A query with any other text could name somebody, so it is not kept."""
NOBODY = ("", "all")
"""Texts that name nobody, whatever the parameter."""


@dataclass(frozen=True)
class Query:
    """A query as it was asked."""

    name: str
    params: Params
    scope: Scope


class RecentQueries:
    """The last MOST queries, most recent last. Any thread may note one; one thread keeps the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._noted: deque[tuple[Query, Callable[[], Sequence[date]]]] = deque(maxlen=MOST)
        self._texts = _texts_of(path)

    def note(self, query: Query, days: Callable[[], Sequence[date]]) -> None:
        """Remember a query until `save`, unless it is of what was known on a day. `days`: the snapshot days of its
        book, oldest first."""
        texts = [name for name, value in query.params.items() if isinstance(value, str) and value not in NOBODY]
        if CODES.issuperset(texts) and query.scope.known_on is None:
            self._noted.append((query, days))

    def save(self) -> None:
        """Put what was noted into the file, whole or not at all. Raises OSError."""
        if not self._noted:
            return
        while self._noted:
            query, days = self._noted.popleft()
            text = _text_of(query, days())
            self._texts.pop(text, None)
            self._texts[text] = None
        self._texts = dict.fromkeys(list(self._texts)[-MOST:])
        draft = self.path.with_suffix(".tmp")
        draft.write_text("[\n" + ",\n".join(self._texts) + "\n]\n", encoding="utf-8")
        os.replace(draft, self.path)

    def queries(self, days: Sequence[date]) -> list[Query]:
        """What to ask of a book with these snapshot days, most recently used first. A query with a day before the
        book's first one is left out."""
        entries = (_query_of(json.loads(text), days) for text in reversed(self._texts))
        return [query for query in entries if query is not None]


def _texts_of(path: Path) -> dict[str, None]:
    """The queries of the file as JSON; none where it is missing or not ours."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        for entry in content:
            Query(entry["name"], dict(entry["params"]), _scope_of(entry["scope"]))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
    return {_dumped(entry): None for entry in content}


def _dumped(entry: dict[str, Any]) -> str:
    return json.dumps(entry, sort_keys=True, ensure_ascii=False)


def _text_of(query: Query, days: Sequence[date]) -> str:
    params = {name: _encoded(value, days) for name, value in query.params.items()}
    return _dumped({"name": query.name, "params": params, "scope": asdict(query.scope)})


def _encoded(value: Scalar, days: Sequence[date]) -> object:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date) and (not days or abs((value - days[-1]).days) > FAR_DAYS):
        return {"day": value.isoformat()}
    return {"place": place_of(value, days)} if isinstance(value, date) else value


def place_of(day: date, days: Sequence[date]) -> tuple[int, int]:
    """The number of a snapshot day (0 the first, -1 the last) and the days after it. A snapshot day and the day after
    it move with that snapshot; any other day moves with the last snapshot."""
    if len(days) > 2 and day == days[0]:
        return 0, 0
    for after in (0, 1):
        if day - timedelta(days=after) in days:
            return days.index(day - timedelta(days=after)) - len(days), after
    return -1, (day - days[-1]).days


def _query_of(entry: dict[str, Any], days: Sequence[date]) -> Query | None:
    """None where the book does not reach back to a day of it, or the entry is not as it was written."""
    try:
        params = {name: _decoded(value, days) for name, value in entry["params"].items()}
    except (IndexError, KeyError, TypeError, ValueError, OverflowError, ArithmeticError):
        return None
    return Query(entry["name"], params, _scope_of(entry["scope"]))


def _scope_of(limits: dict[str, Any]) -> Scope:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in limits.items()
    }
    return Scope(**values)


def _decoded(value: Any, days: Sequence[date]) -> Scalar:
    if isinstance(value, dict) and "decimal" in value:
        return Decimal(value["decimal"])
    if isinstance(value, dict) and "day" in value:
        return date.fromisoformat(value["day"])
    if isinstance(value, dict):
        number, after = value["place"]
        day: date = days[number] + timedelta(days=after)
        return day
    scalar: Scalar = value
    return scalar
