"""What an agreement with a debtor says, read from a flag's `detail`: hours (`20:00-02:00`, several with a comma) or a
number (`4`, `5 a day`, `每周2次`). What cannot be read whole has no terms, so that nobody is judged by half of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import time

_TIME = r"(\d{1,2}):([0-5]\d)"
_WINDOW = re.compile(rf"{_TIME}(?::00)?\s*(?:-|–|—|~|至|到|\bto\b)\s*{_TIME}(?::00)?")
_SEPARATOR = re.compile(r"\s*[,;|、/]\s*|\s+and\s+|\s*和\s*")
_PERS = {"day": r"day|daily|天|日", "week": r"week|weekly|周|星期", "month": r"month|monthly|月"}
_UNIT = "|".join(f"(?P<{name}>{words})" for name, words in _PERS.items())
_NUMBER = re.compile(
    rf"(?:每\s*(?:{_UNIT})\s*)?(?P<number>\d{{1,4}})\s*(?:次|times|calls|contacts)?"
    r"\s*(?:(?:a|per|each|every|/|每)?\s*(?P<after>day|daily|天|日|week|weekly|周|星期|month|monthly|月))?"
)


@dataclass(frozen=True)
class Term:
    """A window of agreed hours, or an agreed number."""

    opens: time | None = None
    closes: time | None = None
    """Before `opens`: on the next day. 24:00 is 00:00."""
    max_count: int | None = None
    per: str | None = None
    """day, week or month; None where the text does not say."""


def terms_of(kind: str, detail: str | None) -> list[Term]:
    """The terms of a flag; none where there are none, or where the text cannot be read."""
    text = unicodedata.normalize("NFKC", detail or "").strip().lower()
    if kind == "agreed_hours":
        windows = [_window(part) for part in _SEPARATOR.split(text) if part]
        return [window for window in windows if window] if all(windows) else []
    return [number] if kind == "agreed_frequency" and (number := _number(text)) else []


def _window(text: str) -> Term | None:
    match = _WINDOW.fullmatch(text)
    if not match:
        return None
    hours = [int(match[1]), int(match[3])]
    minutes = [int(match[2]), int(match[4])]
    whole_day = hours[1] == 24 and minutes[1] == 0
    if hours[0] > 23 or (hours[1] > 23 and not whole_day):
        return None
    opens, closes = time(hours[0], minutes[0]), time(0 if whole_day else hours[1], minutes[1])
    return Term(opens, closes) if opens != closes or whole_day else None


def _number(text: str) -> Term | None:
    match = _NUMBER.fullmatch(text)
    if not match:
        return None
    before = [name for name in _PERS if match[name]]
    after = [name for name, words in _PERS.items() if match["after"] and re.fullmatch(words, match["after"])]
    if len({*before, *after}) > 1:
        return None
    return Term(max_count=int(match["number"]), per=next(iter([*before, *after]), None))
