"""An answer as a table for people on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import east_asian_width

from duewatch.whatif.comparison import Row, side_by_side
from duewatch.whatif.report.values import ScenarioReport
from duewatch.whatif.result import Counting, Line

DASH = "-"
SECTIONS = {"arms": "recorded arms", "grid": "every cap", "run_off": "twelve months", "model": "the model"}
VERDICTS = {
    "passed": "passed",
    "wape": "simpler was closer",
    "bias": "biased",
    "coverage": "band too narrow",
    "not_assessable": "too few months",
}


def as_text(reports: Sequence[ScenarioReport]) -> str:
    """Scenarios with their days, one table a currency, what is refused with its reason, and where the sections are."""
    parts = ["\n".join(_headline(report) for report in reports)]
    all_rows = side_by_side([(report.letter, report.report.lines) for report in reports])
    letters = [report.letter for report in reports]
    for currency in dict.fromkeys(row.currency for row in all_rows):
        rows = [row for row in all_rows if row.currency == currency]
        parts.append(f"{currency}\n{_table(rows, letters)}")
        parts += _dashes(rows, letters) + _fit(rows) + _counting(rows)
        for head, is_refused in (("Not to be said:", True), ("To be read with care:", False)):
            reasons = _reasons(rows, is_refused=is_refused)
            if reasons:
                parts.append("\n".join([head, *reasons]))
    for report in reports:
        parts += [_arms(report.letter, arms) for arms in report.sections.get("arms", ())]
        parts += [_run_off(report.letter, run_off) for run_off in report.sections.get("run_off", ())]
    names = sorted({SECTIONS[name] for report in reports for name in report.sections if name in SECTIONS})
    if names:
        parts.append(f"In full with --format json: {', '.join(names)}.")
    return "\n\n".join(parts) + "\n"


def _arms(letter: str, arms: Mapping[str, Any]) -> str:
    """The recorded arms of one currency and what they say."""
    table = [["arm", "accounts", "paid", "95 % limits"]]
    for arm in arms["arms"]:
        limits = f"{100 * arm['low']:.1f} % to {100 * arm['high']:.1f} %"
        table.append([arm["arm"], f"{arm['n_accounts']:,}", f"{100 * arm['share_paid']:.1f} %", limits])
    sentences = [arms["reason"]] if "reason" in arms else [_read_out(read_out) for read_out in arms["read_outs"]]
    head = f"{letter}  {arms['currency']}: paid within {arms['within_days']} days, by recorded arm"
    return "\n".join([head, aligned(table), *sentences])


def _read_out(values: Mapping[str, Any]) -> str:
    arm, p_split = values["arm"], f"{values['p_split']:.2g}"
    if not values["is_split_right"]:
        return f"{arm}: sizes do not fit the split (p = {p_split}); the difference is not told"
    difference, low, high = (f"{100 * values[name]:+.1f}" for name in ("difference", "low", "high"))
    more = f"; {values['n_more_wanted']:,} accounts more to find 2 points" if values["n_more_wanted"] else ""
    return f"{arm}: {difference} points ({low} to {high}), p of the split {p_split}{more}"


def _run_off(letter: str, run_off: Mapping[str, Any]) -> str:
    """Overdue after twelve months by segment, their sum beside the whole book, and what the backtest says."""
    head = f"{letter}  {run_off['currency']}: overdue balance in twelve months, by {run_off.get('segmented_by', '')}"
    if "reason" in run_off:
        return f"{head}\n{run_off['reason']}"
    table = [["segment", "now", "as things go", "scenario", "80 % band", "backtest"]]
    table += [_overdue(row["segment"] or "all added up", row, row["overdue"]) for row in run_off["segments"]]
    overdue = sum(row["overdue_now"] for row in run_off["segments"] if row["segment"])
    last = [month for month in run_off["months"] if month["measure"] == "overdue"][-1]
    table.append(_overdue("whole book", {**run_off, "overdue_now": overdue}, last))
    return f"{head}\n{aligned(table)}"


def _overdue(name: str, start: Mapping[str, Any], end: Mapping[str, Any]) -> list[str]:
    at_start, today, scenario, low, high = (
        f"{value:,.0f}"
        for value in (start["overdue_now"], *(end[key] for key in ("today", "scenario", "low_80", "high_80")))
    )
    return [name, at_start, today, scenario, f"{low} to {high}", VERDICTS[start["backtest_verdict"]]]


def _headline(report: ScenarioReport) -> str:
    stamp = report.report.stamp
    scenario = report.scenario
    title = scenario.title or ", ".join(f"{name} {value}" for name, value in scenario.levers) or "as today"
    return f"{report.letter}  {title}  ({stamp.first_day} to {stamp.last_day}, book {stamp.book_version})"


def _table(rows: Sequence[Row], letters: Sequence[str]) -> str:
    """One scenario with its difference and limits; several with their values beside one another."""
    answered = [row for row in rows if any(line.rung != "refused" for line in row.lines.values())]
    if len(letters) == 1:
        head = ["measure", "today", "scenario", "difference", "95 % limits", "rung", "n"]
        body = [_one_scenario(row.first) for row in answered]
    else:
        head = ["measure", "today", *letters, "rung"]
        body = [_several_scenarios(row, letters) for row in answered]
    return aligned([head, *body])


def _one_scenario(line: Line) -> list[str]:
    low, high = written(line, line.low), written(line, line.high)
    limits = f"{low} to {high}" if DASH not in (low, high) else DASH
    n = DASH if line.n is None else f"{line.n:,} {line.n_of.replace('_', '-')}"
    return [
        line.measure,
        written(line, line.today),
        written(line, line.scenario),
        written(line, line.difference, sign="+"),
        limits,
        line.rung,
        n,
    ]


def _several_scenarios(row: Row, letters: Sequence[str]) -> list[str]:
    values = [written(line, line.scenario) if (line := row.lines.get(letter)) else DASH for letter in letters]
    today = written(row.first, row.today) if row.is_one_today else "differs"
    return [row.measure, today, *values, row.first.rung]


def written(line: Line, value: float | None, *, sign: str = "") -> str:
    """A value in the line's unit: shares in per cent, amounts with two decimals, counts whole."""
    if value is None:
        return DASH
    places, factor, unit = (1, 100, " pp" if sign else " %") if line.unit == "share" else (0, 1, "")
    if line.unit in ("money", "hours"):
        places = 2
    rounded = round(factor * value, places) + 0.0  # no minus before a 0
    return f"{rounded:{sign if rounded else ''},.{places}f}{unit}"


def _fit(rows: Sequence[Row]) -> list[str]:
    """What the model learned from: one fit for all scenarios of the same days."""
    fits = dict.fromkeys(line.fit for row in rows for line in row.lines.values() if line.fit is not None)
    return [
        f"The model rests on {fit.account_days:,} account-days, {fit.payments:,} of them with a payment, {fit.talks:,} "
        f"talks, {fit.debtors:,} of {fit.debtors_all:,} debtors drawn."
        for fit in fits
    ]


def _counting(rows: Sequence[Row]) -> list[str]:
    """How the model's breaches are counted, beside how the rule counts."""
    countings = dict.fromkeys(line.counting for row in rows for line in row.lines.values() if line.counting is not None)
    return [
        f"model_breaches counts calls by account; {counting.rule_id} counts by {' and '.join(counting.scope)}. Of the "
        f"calls of history {_past(counting)}" + (f"; {_past(counting.scenario)}." if counting.scenario else ".")
        for counting in countings
    ]


def _past(counting: Counting) -> str:
    return (
        f"{counting.n_by_rule:,} lie past {counting.max_count} in {_dates(counting.days)} counted as the rule does, "
        f"{counting.n_by_account:,} counted by account"
    )


def _dates(days: int) -> str:
    return "one date" if days == 1 else f"{days} dates"


NO_LIMITS = "no limits: counted exactly (L0) or worked out from inputs (L1)"
NO_VALUE = "no value: this side has no such bucket, or no cut of grades in force"


def _dashes(rows: Sequence[Row], letters: Sequence[str]) -> list[str]:
    """What a dash in the table means, where there is one."""
    answered = [line for row in rows for line in row.lines.values() if line.rung != "refused"]
    meanings = [NO_LIMITS] if len(letters) == 1 and any(line.low is None for line in answered) else []
    meanings += [NO_VALUE] if any(None in (line.today, line.scenario) for line in answered) else []
    meanings += (
        ["no line: the scenario does not ask this"] if any(len(row.lines) < len(letters) for row in rows) else []
    )
    return [f"{DASH}  {'; '.join(meanings)}."] if meanings else []


def _reasons(rows: Sequence[Row], *, is_refused: bool) -> list[str]:
    """Each reason once, with the measures that it refuses, or warns of with their band of confounding."""
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        for line in row.lines.values():
            if line.reason and (line.rung == "refused") == is_refused:
                measures = by_reason.setdefault(line.reason, [])
                name = line.measure if is_refused else f"{line.measure} ({_band(line)})"
                measures += [] if name in measures else [name]
    return [f"  {', '.join(measures)}: {reason}" for reason, measures in by_reason.items()]


def _band(line: Line) -> str:
    return " to ".join(written(line, limit, sign="+") for limit in (line.confounding_low, line.confounding_high))


def aligned(table: Sequence[Sequence[str]]) -> str:
    """The first column to the left, the others to the right; a full-width character counts two."""
    widths = [max(_width(cell) for cell in column) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        gaps = [" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        numbers = [gap + cell for cell, gap in zip(row[1:], gaps[1:], strict=True)]
        lines.append("  ".join([row[0] + gaps[0], *numbers]).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
