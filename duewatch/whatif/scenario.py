"""A scenario: levers moved away from today, frozen and checked. From a TOML file, a page's address, or a form.

    title = "At most two contacts in seven dates"
    from = 2026-08-01
    to = 2026-10-31

    [levers]
    cap_max = 2
    cap_days = 7
    M1.cap_max = 1

`M1.` before a lever moves it for debts in that bucket alone. `from` and `to` are the local days counted on, both
included; left out: the last 92 days of the log.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from duewatch.contract.errors import ScenarioError
from duewatch.contract.localised_errors import LocalisedText, localised_error
from duewatch.whatif.levers import CHOICES, IN_A_ROW, LEVERS, Lever, Value, lever_of

KEYS = ("title", "author", "from", "to", "seed", "levers")
LONGEST_TITLE = 200
LINK = LocalisedText("refused.link")


@dataclass(frozen=True)
class Scenario:
    title: str = ""
    author: str = ""
    first_day: date | None = None  # local days counted on, both included; None: the last days of the log
    last_day: date | None = None
    seed: int = 1
    levers: tuple[tuple[str, Value], ...] = ()
    """Name and value of the levers that were set; sorted, so that equal scenarios are equal texts."""

    def value(self, lever: str) -> Value | None:
        """What was set, else the lever's own default; None where that comes from the book."""
        return dict(self.levers).get(lever, LEVERS[lever].default)

    @property
    def by_bucket(self) -> dict[str, dict[str, Value]]:
        """What was set for the debts of one bucket: bucket to lever to value."""
        levers: dict[str, dict[str, Value]] = {}
        for name, value in self.levers:
            bucket, _, lever = name.rpartition(".")
            if bucket:
                levers.setdefault(bucket, {})[lever] = value
        return levers

    def is_set(self, lever: str) -> bool:
        return lever in dict(self.levers)

    @property
    def today(self) -> Scenario:
        """The same question with nothing moved but what only tells (costs, minutes): the baseline."""
        levers = tuple((name, value) for name, value in self.levers if name in REPORTING_LEVERS)
        return Scenario("", "", self.first_day, self.last_day, self.seed, levers)

    def as_toml(self) -> str:
        lines = [f"title = {_quoted(self.title)}"] if self.title else []
        lines += [f"author = {_quoted(self.author)}"] if self.author else []
        lines += [f"from = {self.first_day}"] if self.first_day else []
        lines += [f"to = {self.last_day}"] if self.last_day else []
        lines += [f"seed = {self.seed}", "", "[levers]"]
        lines += [f"{_key(name)} = {_quoted(v) if isinstance(v, str) else v}" for name, v in self.levers]
        return "\n".join(lines) + "\n"

    def as_address(self) -> str:
        """The scenario as one text for a link."""
        fields = {"title": self.title, "author": self.author, "from": self.first_day, "to": self.last_day}
        pairs = {name: str(value) for name, value in fields.items() if value}
        return urlencode({**pairs, "seed": self.seed, **dict(self.levers)})


REPORTING_LEVERS = ("cap_rule", "minutes_per_call", "cost_per_hour", "cost_per_contact")
"""Levers that say what is counted or what it costs, and change nothing by themselves."""


def read_scenario(path: Path) -> Scenario:
    """Raises ScenarioError: file, key, value, what is allowed."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise localised_error(ScenarioError, "no_file", where=str(path), reason=error.strerror) from None
    return from_toml(text, str(path))


def from_toml(text: bytes | str, where: str | LocalisedText) -> Scenario:
    """The scenario of a file's text. Raises ScenarioError."""
    try:
        values = tomllib.loads(text if isinstance(text, str) else text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise localised_error(ScenarioError, "no_toml", where=where, reason=_toml_problem(error)) from None
    return scenario_of(values, where)


def _toml_problem(error: Exception) -> LocalisedText:
    """What is wrong with a TOML file, or where: the reason itself is the parser's English."""
    place = re.search(r"\(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
    if isinstance(error, UnicodeDecodeError) or place is None:
        return LocalisedText("refused.toml_text", {"reason": str(error)})
    if place[1] is None:
        return LocalisedText("refused.toml_end", {"reason": str(error)})
    return LocalisedText("refused.toml_line", {"reason": str(error), "line": place[1], "column": place[2]})


def from_address(text: str) -> Scenario:
    """The scenario of a link. Raises ScenarioError."""
    pairs = dict(parse_qsl(text))
    values: dict[str, Any] = {name: pairs.pop(name) for name in ("title", "author") if name in pairs}
    for name in ("from", "to"):
        if name in pairs:
            values[name] = _day_of(name, pairs.pop(name), LINK)
    values["seed"] = _number("seed", pairs.pop("seed", "1"))
    values["levers"] = {n: v if n in LEVERS and LEVERS[n].kind == "text" else _number(n, v) for n, v in pairs.items()}
    return scenario_of(values, LINK)


def scenario_of(values: Mapping[str, Any], where: str | LocalisedText) -> Scenario:
    """A scenario from keys and values, checked. Raises ScenarioError."""
    for key in values:
        if key not in KEYS:
            raise localised_error(ScenarioError, "no_key", where=where, key_given=key, known=KEYS)
    first, last = (_day_of(name, values.get(name), where) for name in ("from", "to"))
    if first and last and first > last:
        raise localised_error(ScenarioError, "from_after_to", where=where, first=first, last=last)
    seed = values.get("seed", 1)
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed < 2**31:
        raise localised_error(ScenarioError, "bad_seed", where=where, value=repr(seed))
    levers = values.get("levers", {})
    if not isinstance(levers, Mapping):
        raise localised_error(ScenarioError, "no_table", where=where)
    title, author = (_text_of(name, values.get(name, ""), where) for name in ("title", "author"))
    lever_values = tuple(
        sorted((name, _lever_value(name, value, where)) for name, value in _by_full_name(levers).items())
    )
    scenario = Scenario(title, author, first, last, seed, lever_values)
    if (scenario.value("hours_from") or 0) >= (scenario.value("hours_to") or 24):  # type: ignore[operator]
        raise localised_error(
            ScenarioError,
            "no_hour_open",
            where=where,
            opens=scenario.value("hours_from"),
            closes=scenario.value("hours_to"),
            lever_from=_named("hours_from"),
            lever_to=_named("hours_to"),
        )
    return scenario


def _by_full_name(levers: Mapping[str, Any]) -> dict[str, Any]:
    """The table of a bucket (`[levers.M1]`) as names with the bucket before them."""
    values: dict[str, Any] = {}
    for name, value in levers.items():
        if isinstance(value, Mapping):
            values |= {f"{name}.{lever}": own_value for lever, own_value in value.items()}
        else:
            values[name] = value
    return values


def _key(name: str) -> str:
    """A lever's name as TOML reads it: a bucket such as M7+ needs quotes."""
    bucket, _, lever = name.rpartition(".")
    return f"{_quoted(bucket)}.{lever}" if bucket else lever


def _named(name: str) -> LocalisedText:
    """A lever as the reader calls it, with the name that a file and a link know it by."""
    bucket, _, lever = name.rpartition(".")
    label = LocalisedText(f"lever.{lever}")
    if bucket:
        return LocalisedText("refused.lever_of_bucket", {"name": name, "label": label, "bucket": bucket})
    return LocalisedText("refused.lever", {"name": name, "label": label})


def _lever_value(name: str, value: object, where: str | LocalisedText) -> Value:
    bucket, lever = lever_of(name)
    if lever is None and bucket:
        by_bucket = tuple(known.id for known in LEVERS.values() if known.is_by_bucket)
        raise localised_error(ScenarioError, "no_lever_by_bucket", where=where, name=name, known=by_bucket)
    if lever is None:
        key = "key_below_levers" if name in KEYS else "no_lever"
        raise localised_error(ScenarioError, key, where=where, name=name, known=tuple(LEVERS))
    if lever.kind == "text":
        return _text_value(lever, value, where)
    if (
        not isinstance(value, int | float)
        or isinstance(value, bool)
        or not isfinite(value)
        or (lever.kind == "integer" and int(value) != value)
        or not lever.low <= value <= lever.high
    ):
        raise _bad_value(name, lever, _as_toml(value), where)
    return int(value) if lever.kind == "integer" else float(value)


def _bad_value(name: str, lever: Lever, value: str, where: str | LocalisedText) -> ScenarioError:
    return localised_error(
        ScenarioError, "bad_value", where=where, lever=_named(name), value=value, wanted=lever.wants()
    )


def _as_toml(value: object) -> str:
    """As a TOML file writes it."""
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _text_value(lever: Lever, value: object, where: str | LocalisedText) -> str:
    choices = CHOICES.get(lever.id)
    if choices and value not in choices:
        written = _as_toml(value)
        raise localised_error(
            ScenarioError, "bad_choice", where=where, lever=_named(lever.id), value=written, known=choices
        )
    if not isinstance(value, str) or not value or len(value) > LONGEST_TITLE:
        raise _bad_value(lever.id, lever, _as_toml(value), where)
    return _rising_numbers(lever, value, where) if lever.id in IN_A_ROW else value


def _rising_numbers(lever: Lever, text: str, where: str | LocalisedText) -> str:
    """ "30, 60,90" as "30,60,90". Raises ScenarioError where the numbers do not rise or are too few or too many."""
    least, most = IN_A_ROW[lever.id]
    parts = [part.strip() for part in text.split(",")]
    numbers = [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) <= 4]
    rises = numbers == sorted(set(numbers)) and all(lever.low <= number <= lever.high for number in numbers)
    if len(numbers) != len(parts) or not least <= len(numbers) <= most or not rises:
        raise _bad_value(lever.id, lever, f"'{text}'", where)
    return ",".join(str(number) for number in numbers)


def _text_of(name: str, value: object, where: str | LocalisedText) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TITLE or not value.isprintable():
        raise localised_error(ScenarioError, "no_plain_text", where=where, name=name, most=LONGEST_TITLE)
    return value


def _day_of(name: str, value: object, where: str | LocalisedText) -> date | None:
    if value is None:
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise localised_error(ScenarioError, "bad_day", where=where, name=name, value=repr(value)) from None


def _number(name: str, text: str) -> int | float:
    try:
        number = float(text)
    except ValueError:
        label = _named(name) if lever_of(name)[1] else name
        raise localised_error(ScenarioError, "no_number", where=LINK, name=label, value=text) from None
    return int(number) if number.is_integer() else number


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
