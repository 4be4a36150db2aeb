"""An answer as a table for people on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import east_asian_width

from duewatch.whatif.comparison import Row, side_by_side
from duewatch.whatif.report_values import ScenarioReport
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


def as_text(found: Sequence[ScenarioReport]) -> str:
    """Scenarios with their days, one table a currency, what is refused with its reason, and where the sections are."""
    parts = ["\n".join(_headline(each) for each in found)]
    rows = side_by_side([(each.letter, each.report.lines) for each in found])
    letters = [each.letter for each in found]
    for currency in dict.fromkeys(row.currency for row in rows):
        mine = [row for row in rows if row.currency == currency]
        parts.append(f"{currency}\n{_table(mine, letters)}")
        parts += _dashes(mine, letters) + _fit(mine) + _counting(mine)
        for head, is_refused in (("Not to be said:", True), ("To be read with care:", False)):
            told = _reasons(mine, is_refused=is_refused)
            if told:
                parts.append("\n".join([head, *told]))
    for each in found:
        parts += _arms(each) + _run_off(each)
    held = sorted({SECTIONS[name] for each in found for name in each.sections if name in SECTIONS})
    if held:
        parts.append(f"In full with --format json: {', '.join(held)}.")
    return "\n\n".join(parts) + "\n"


def _arms(each: ScenarioReport) -> list[str]:
    """The recorded arms and what they say."""
    told = []
    for one in each.sections.get("arms", ()):
        rows = [["arm", "accounts", "paid", "95 % limits"]]
        for arm in one["arms"]:
            limits = f"{100 * arm['low']:.1f} % to {100 * arm['high']:.1f} %"
            rows.append([arm["arm"], f"{arm['n_accounts']:,}", f"{100 * arm['share_paid']:.1f} %", limits])
        said = [one["reason"]] if "reason" in one else [_read_out(found) for found in one["read_outs"]]
        head = f"{each.letter}  {one['currency']}: paid within {one['within_days']} days, by recorded arm"
        told.append("\n".join([head, aligned(rows), *said]))
    return told


def _read_out(found: Mapping[str, Any]) -> str:
    if not found["is_split_right"]:
        return f"{found['arm']}: sizes do not fit the split (p = {found['p_split']:.2g}); the difference is not told"
    low, high = (f"{100 * found[name]:+.1f}" for name in ("low", "high"))
    more = f"; {found['n_more_wanted']:,} accounts more to find 2 points" if found["n_more_wanted"] else ""
    return f"{found['arm']}: {100 * found['difference']:+.1f} points ({low} to {high}), p of the split" + (
        f" {found['p_split']:.2g}{more}"
    )


def _run_off(each: ScenarioReport) -> list[str]:
    """Overdue after twelve months by segment, their sum beside the whole book, and what the backtest says."""
    told = []
    for one in each.sections.get("run_off", ()):
        head = f"{each.letter}  {one['currency']}: overdue balance in twelve months, by {one.get('segmented_by', '')}"
        if "reason" in one:
            told.append(f"{head}\n{one['reason']}")
            continue
        rows = [["segment", "now", "as things go", "scenario", "80 % band", "backtest"]]
        for part in one["segments"]:
            after = part["overdue"]
            rows.append(
                [
                    part["segment"] or "all added up",
                    f"{part['overdue_now']:,.0f}",
                    f"{after['today']:,.0f}",
                    f"{after['scenario']:,.0f}",
                    f"{after['low_80']:,.0f} to {after['high_80']:,.0f}",
                    VERDICTS[part["backtest_verdict"]],
                ]
            )
        last = [month for month in one["months"] if month["measure"] == "overdue"][-1]
        band = f"{last['low_80']:,.0f} to {last['high_80']:,.0f}"
        now = f"{sum(part['overdue_now'] for part in one['segments'] if part['segment']):,.0f}"
        rows.append(
            [
                "whole book",
                now,
                f"{last['today']:,.0f}",
                f"{last['scenario']:,.0f}",
                band,
                VERDICTS[one["backtest_verdict"]],
            ]
        )
        told.append(f"{head}\n{aligned(rows)}")
    return told


def _headline(each: ScenarioReport) -> str:
    stamp = each.report.stamp
    title = each.scenario.title or ", ".join(f"{name} {value}" for name, value in each.scenario.levers) or "as today"
    return f"{each.letter}  {title}  ({stamp.first_day} to {stamp.last_day}, book {stamp.book_version})"


def _table(rows: Sequence[Row], letters: Sequence[str]) -> str:
    """One scenario with its difference and limits; several with their values beside one another."""
    answered = [row for row in rows if any(line.rung != "refused" for line in row.lines.values())]
    if len(letters) == 1:
        head = ["measure", "today", "scenario", "difference", "95 % limits", "rung", "n"]
        body = [_alone(row.first) for row in answered]
    else:
        head = ["measure", "today", *letters, "rung"]
        body = [_beside(row, letters) for row in answered]
    return aligned([head, *body])


def _alone(line: Line) -> list[str]:
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


def _beside(row: Row, letters: Sequence[str]) -> list[str]:
    told = [written(line, line.scenario) if (line := row.lines.get(letter)) else DASH for letter in letters]
    today = written(row.first, row.today) if row.is_one_today else "differs"
    return [row.measure, today, *told, row.first.rung]


def written(line: Line, value: float | None, *, sign: str = "") -> str:
    """A value in the line's unit: shares in per cent, amounts with two decimals, counts whole."""
    if value is None:
        return DASH
    places, of, unit = (1, 100, " pp" if sign else " %") if line.unit == "share" else (0, 1, "")
    if line.unit in ("money", "hours"):
        places = 2
    shown = round(of * value, places) + 0.0  # no minus before a 0
    return f"{shown:{sign if shown else ''},.{places}f}{unit}"


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
    found = dict.fromkeys(line.counting for row in rows for line in row.lines.values() if line.counting is not None)
    return [
        f"model_breaches counts calls by account; {each.rule_id} counts by {' and '.join(each.scope)}. Of the calls "
        f"of history {_past(each)}" + (f"; {_past(each.scenario)}." if each.scenario else ".")
        for each in found
    ]


def _past(each: Counting) -> str:
    return (
        f"{each.n_by_rule:,} lie past {each.max_count} in {_dates(each.days)} counted as the rule does, "
        f"{each.n_by_account:,} counted by account"
    )


def _dates(days: int) -> str:
    return "one date" if days == 1 else f"{days} dates"


NO_LIMITS = "no limits: counted exactly (L0) or worked out from inputs (L1)"
NO_VALUE = "no value: this side has no such bucket, or no cut of grades in force"


def _dashes(rows: Sequence[Row], letters: Sequence[str]) -> list[str]:
    """What a dash in the table means, where there is one."""
    answered = [line for row in rows for line in row.lines.values() if line.rung != "refused"]
    told = [NO_LIMITS] if len(letters) == 1 and any(line.low is None for line in answered) else []
    told += [NO_VALUE] if any(None in (line.today, line.scenario) for line in answered) else []
    told += ["no line: the scenario does not ask this"] if any(len(row.lines) < len(letters) for row in rows) else []
    return [f"{DASH}  {'; '.join(told)}."] if told else []


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
    return " to ".join(written(line, each, sign="+") for each in (line.confounding_low, line.confounding_high))


def aligned(table: Sequence[Sequence[str]]) -> str:
    """The first column to the left, the others to the right; a full-width character counts two."""
    widths = [max(_width(row[at]) for row in table) for at in range(len(table[0]))]
    lines = []
    for row in table:
        cells = [
            cell + " " * (width - _width(cell)) if at == 0 else " " * (width - _width(cell)) + cell
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)
