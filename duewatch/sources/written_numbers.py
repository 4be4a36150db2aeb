"""Numbers as people and systems write them: `$1.234,56`, `(1,234.50)`, `12.5万`, `1,23,456.00`, `40 days`, `31-60 DPD`.

Only cells that are not plain numbers come here. What can be read in one way is read; all else is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import list_currencies

UNITS = {"": 0, "百": 2, "千": 3, "万": 4, "萬": 4, "百万": 6, "亿": 8, "億": 8}
_SIGN = r"[+\-\u2212]"
_MARK = r"(?:[A-Z]{1,3}\$|[$€£¥￥₹₩₺₽₫฿₱₦]|RMB|Rs\.?|[A-Z]{3}|人民币|元|圆|円|원|zł|kr\.?)"
_AMOUNT = re.compile(
    rf"(?P<open>\()?\s*(?P<before>{_SIGN})?\s*(?P<mark>{_MARK})?\s*(?P<inner>{_SIGN})?\s*"
    r"(?P<digits>\d(?:[\d.,'’\u00a0\u202f ]*\d)?)\s*"
    rf"(?P<unit>百万|[百千万萬亿億])?\s*(?P<mark_behind>{_MARK})?\s*(?P<percent>%)?\s*(?P<behind>{_SIGN})?\s*"
    r"(?P<credit>CR|DR|Cr|Dr|cr|dr)?\s*(?P<close>\))?"
)
_GROUPS = {
    ".": re.compile(
        r"(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3}|\d{1,3}(?P<gap>['’\u00a0\u202f ])\d{3}(?:(?P=gap)\d{3})*)"
        r"(?:\.(?P<cents>\d+))?"
    ),
    ",": re.compile(
        r"(?:\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?P<gap>['’\u00a0\u202f ])\d{3}(?:(?P=gap)\d{3})*)(?:,(?P<cents>\d+))?"
    ),
}
"""Whole digits, in threes, or as in India in twos before the last three."""
_DAYS = re.compile(r"(-?\d{1,6})(?:\.0+)?\s*(?:days?|d|dpd|天|日|d[ií]as)?", re.IGNORECASE)
_RANGE = re.compile(r"(?<!\d)(\d{1,4})\s*(?:-|–|~|to|至|到|a)\s*(\d{1,4})(?!\d)", re.IGNORECASE)
_OPEN = re.compile(
    r"(?:(?P<above>>|over|more than|超过|大于)\s*(?P<low>\d{1,4})|>=\s*(?P<from>\d{1,4})|"
    r"(?P<plus>\d{1,4})\s*(?:\+|以上))",
    re.IGNORECASE,
)
OPEN_END = 9999
"""Last day of a range without one, such as 120+."""


@dataclass(frozen=True)
class NumberStyle:
    """How a column's numbers are written."""

    decimal_mark: str = "."
    factor: Decimal | None = None
    round_to: int | None = None
    """Decimals to round to (half up); None: nothing is rounded."""
    percent: bool = False
    """`18%` is 0.18; elsewhere a percent sign is no part of a number."""
    credit_sign: int = -1
    """CR lowers what is owed: -1 in balances, 1 in payments. DR is the other way round."""


def written_number(text: str, style: NumberStyle) -> str | None:
    """The number as `-1234.50`, its decimals as written (10.000 may be ten thousand: the caller judges that); None
    where it is no number, or can be read in two ways."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or bool(match["open"]) != bool(match["close"]) or not _known_marks(match):
        return None
    digits = _GROUPS[style.decimal_mark].fullmatch(match["digits"])
    if digits is None or (match["percent"] and not style.percent):
        return None
    signs = [
        sign for sign in (match["before"], match["inner"], match["behind"], match["open"], match["credit"]) if sign
    ]
    if len(signs) > 1:
        return None
    cents = digits["cents"] or ""
    whole = re.sub(r"\D", "", match["digits"].removesuffix(cents) if cents else match["digits"])
    value = Decimal(f"{whole}.{cents or '0'}").scaleb(UNITS[match["unit"] or ""] - (2 if match["percent"] else 0))
    if style.factor is not None:
        value *= style.factor
    if signs and _is_negative(signs[0], style.credit_sign):
        value = -value
    if style.round_to is not None:
        value = value.quantize(Decimal(1).scaleb(-style.round_to), ROUND_HALF_UP)
    scaled = style.factor is not None or match["unit"] or match["percent"]
    return _shortest(value) if scaled else f"{value:f}" if cents else f"{value:.0f}"


def _known_marks(match: re.Match[str]) -> bool:
    marks = [mark for mark in (match["mark"], match["mark_behind"]) if mark]
    letters = [mark for mark in marks if re.fullmatch("[A-Z]{3}", mark) and mark != "RMB"]
    return len(marks) < 2 and all(mark in currency_codes() for mark in letters)


def _is_negative(sign: str, credit_sign: int) -> bool:
    if sign.upper() in ("CR", "DR"):
        return (credit_sign < 0) == (sign.upper() == "CR")
    return sign in "(-\u2212"


def _shortest(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=1)
def currency_codes() -> frozenset[str]:
    """The codes of ISO 4217, past and present."""
    return frozenset(list_currencies())


@dataclass(frozen=True)
class WrittenDays:
    """Days past due as a source words them: from `first` to `last`, the same where they are one number."""

    first: int
    last: int


def written_days(text: str) -> WrittenDays | None:
    """`40.0`, `1 day`, `-3`, `31-60 DPD`, `Past Due (31-60 days)`, `120+`, `>90`. None where it says neither."""
    text = text.strip()
    if single := _DAYS.fullmatch(text):
        return WrittenDays(int(single[1]), int(single[1]))
    if between := _RANGE.search(text):
        first, last = int(between[1]), int(between[2])
        return WrittenDays(first, last) if first <= last else None
    if above := _OPEN.search(text):
        first = int(above["low"]) + 1 if above["low"] else int(above["from"] or above["plus"])
        return WrittenDays(first, OPEN_END)
    return None
