"""Up to four scenarios beside today: one row a currency and measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from duewatch.whatif.result import Line

LETTERS = "ABCD"
MOST = len(LETTERS)


@dataclass(frozen=True)
class Row:
    """`lines`: letter of the scenario to its line; left out where the scenario does not ask this."""

    currency: str
    measure: str
    lines: Mapping[str, Line]

    @property
    def first(self) -> Line:
        return next(iter(self.lines.values()))

    @property
    def today(self) -> float | None:
        """What all of them are compared with; None where they are not compared with one thing (other days, other
        prices) or it cannot be said."""
        return self.first.today if self.is_one_today else None

    @property
    def is_one_today(self) -> bool:
        values = [line.today for line in self.lines.values() if line.rung != "refused"]
        return len(set(values)) <= 1


def side_by_side(answers: Sequence[tuple[str, Sequence[Line]]]) -> list[Row]:
    """`answers`: letter and lines of each scenario, in the order in which they stand."""
    rows: dict[tuple[str, str], dict[str, Line]] = {}
    for letter, lines in answers:
        for line in lines:
            rows.setdefault((line.currency, line.measure), {})[letter] = line
    return [Row(currency, measure, lines) for (currency, measure), lines in rows.items()]
