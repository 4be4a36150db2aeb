"""Declared ways of writing days and wall times. The pattern decides what fits; the parser only converts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

DIRECTIVES = {
    "%Y": r"\d{4}",
    "%y": r"\d{2}",
    "%m": r"\d{2}",
    "%d": r"\d{2}",
    "%-m": r"\d{1,2}",
    "%-d": r"\d{1,2}",
    "%b": r"[A-Za-z]{3}",
    "%B": r"[A-Za-z]{3,9}",
    "%H": r"\d{2}",
    "%-H": r"\d{1,2}",
    "%I": r"\d{2}",
    "%-I": r"\d{1,2}",
    "%M": r"\d{2}",
    "%S": r"\d{2}",
    "%p": r"[AaPp][Mm]",
    "%f": r"\d{1,9}",
}
ONE_OF = {"year": ("%Y", "%y"), "month": ("%m", "%b", "%B"), "day": ("%d",), "hour": ("%H", "%I"), "minute": ("%M",)}
DAY_PARTS, MOMENT_PARTS = ("year", "month", "day"), ("year", "month", "day", "hour", "minute")
COUNT = re.compile(r"(days|seconds|milliseconds) since (\d{4}-\d{2}-\d{2})")

DIGITS_SINCE_1970 = {"seconds": "1,11", "milliseconds": "12,15"}
"""So that seconds are never taken for milliseconds nor the other way round: 12 digits of milliseconds begin in 1973."""


@dataclass(frozen=True)
class TimeFormat:
    """One way of writing a day or a wall time."""

    text: str
    """As declared, such as `%d/%m/%Y` or `days since 1899-12-30`."""
    strptime: str
    """Empty for a count of days or seconds."""
    pattern: str
    count_unit: str = ""
    """days, seconds or milliseconds, for a count."""
    origin: date | None = None

    @property
    def has_day(self) -> bool:
        """False for a month alone, such as `%b-%Y`."""
        return bool(self.count_unit) or "%d" in self.strptime

    @property
    def has_time(self) -> bool:
        return self.count_unit in ("seconds", "milliseconds") or "%H" in self.strptime or "%I" in self.strptime


def time_format(text: object, parts: tuple[str, ...]) -> TimeFormat:
    """The form, with each of `parts` in it once. Raises ValueError with what to write instead."""
    if not isinstance(text, str):
        raise ValueError("give a form such as %d/%m/%Y, or a count such as days since 1899-12-30")
    if count := COUNT.fullmatch(text):
        decimals = r"(\.0+)?" if count[1] == "days" else r"(\.\d+)?"
        digits = DIGITS_SINCE_1970.get(count[1], "1,15") if count[2] == "1970-01-01" else "1,15"
        return TimeFormat(text, "", rf"^-?\d{{{digits}}}{decimals}$", count[1], date.fromisoformat(count[2]))
    tokens = re.split(r"(%-?[A-Za-z%])", text)
    marks = [token for token in tokens if token.startswith("%")]
    plain = [mark.replace("-", "") for mark in marks]
    if any(mark not in DIRECTIVES for mark in marks) or any(
        sum(plain.count(mark) for mark in ONE_OF[part]) != 1 for part in parts
    ):
        wanted = ", ".join(" or ".join(ONE_OF[part]) for part in parts)
        raise ValueError(f"this form cannot be read: use each of {wanted} once (%-m: one digit or two)")
    if "%I" in plain and "%p" not in plain:
        raise ValueError("a clock of twelve hours (%I) needs %p")
    if re.search(r"%-[A-Za-z]%", text):
        raise ValueError("this can be read in two ways: use two digits, or put a mark between parts")
    pattern = "".join(DIRECTIVES.get(token, re.escape(token)) for token in tokens)
    return TimeFormat(text, text.replace("%-", "%").replace(".%f", "%.f"), f"^{pattern}$")


def _known(*texts: str, parts: tuple[str, ...]) -> tuple[TimeFormat, ...]:
    return tuple(time_format(text, parts) for text in texts)


YEAR_FIRST = ("%Y-%-m-%-d", "%Y/%-m/%-d", "%Y.%-m.%-d", "%Y年%-m月%-d日")
KNOWN_DAYS = _known(*YEAR_FIRST, "%Y%m%d", parts=DAY_PARTS)
"""Read without being declared: the year comes first, so they can be read in one way only."""
KNOWN_MOMENTS = _known(
    *(f"{day} %-H:%M{seconds}" for day in (*YEAR_FIRST, "%Y%m%d") for seconds in (":%S", "", ":%S.%f")),
    "%Y%m%d%H%M%S",
    parts=MOMENT_PARTS,
)
