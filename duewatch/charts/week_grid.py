"""Contacts by hour of the debtor's day and by weekday: how many there are, and how often they reach the debtor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.notes import lay_shapes, write_notes
from duewatch.charts.theme import CLEAR, Labels, TextOf, framed, heat_map, ink_on, mixed, pattern

Allowed = Mapping[int, Sequence[tuple[int, int]]]
"""Weekday (Monday 1) to allowed spans, as minutes from midnight; a weekday without spans allows nothing."""
Cells = Mapping[tuple[int, int], Mapping[str, Any]]
"""Weekday (Monday 1) and hour to the row of that hour."""
DAYS = range(1, 8)


def hours_heat(
    frame: pl.DataFrame, labels: Labels, *, allowed: Allowed, weekdays: Sequence[str], count: TextOf
) -> go.Figure:
    """A cell an hour of a weekday, the darker the more contacts; an hour without contacts stays empty. Breaches are
    written in the cell, which turns to the colour of a breach; forbidden hours are hatched. `frame`: contact_hours."""
    cells = {(row["isodow"], row["hour"]): row for row in frame.iter_rows(named=True)}
    numbers = {cell: row["n_contacts"] for cell, row in cells.items()}
    most = max(numbers.values(), default=0) or 1
    hours = range(24)
    shares = [[n / most if (n := numbers.get((day, hour))) else None for hour in hours] for day in DAYS]
    texts = [
        [f"{hour:02}:00  {count(numbers[day, hour]) if (day, hour) in numbers else 0}" for hour in hours]
        for day in DAYS
    ]
    figure = _week(list(hours), shares, texts, labels, height=300)
    for day in DAYS if allowed else ():
        for start, end in forbidden(allowed.get(day, ())):
            _hatch(figure, [day], [start / 60 - 0.5], [(end - start) / 60], labels.colours.grey)
    _write_breaches(figure, cells, count, labels.colours.breach)
    _name_weekdays(figure, weekdays)
    return figure.update_xaxes(tickvals=list(range(0, 24, 3)), range=[-0.5, 23.5])


def reach_heat(
    frame: pl.DataFrame, labels: Labels, *, least: int, weekdays: Sequence[str], percent: TextOf, too_few: str
) -> go.Figure:
    """How often the debtor was reached. A cell with fewer than `least` attempts is hatched, and tells how many it has
    and no share. `frame`: reach_by hour_of_week."""
    dated = frame.filter(pl.col("hour").is_not_null() & pl.col("isodow").is_not_null())
    cells = {(row["isodow"], row["hour"]): row for row in dated.iter_rows(named=True)}
    hours = list(range(min((hour for _, hour in cells), default=8), max((hour for _, hour in cells), default=20) + 1))
    low, high = labels.colours.heat
    shares = {cell: row["share_right_party"] for cell, row in cells.items() if row["n_attempts"] >= least}
    top = max(shares.values(), default=0.0) or 1.0
    texts = [
        [f"{hour:02}:00  {_reach_text(cells.get((day, hour)), least, percent, too_few)}" for hour in hours]
        for day in DAYS
    ]
    figure = _week(
        hours, [[shares.get((day, hour)) for hour in hours] for day in DAYS], texts, labels, height=320, top=top
    )
    write_notes(
        figure,
        (
            {
                "x": hour,
                "y": day,
                "text": percent(share).rstrip("%"),
                "font": {"size": 11, "color": ink_on(mixed(low, high, share / top))},
            }
            for (day, hour), share in shares.items()
        ),
    )
    few = [cell for cell in cells if cell not in shares]
    if few:
        starts = [hour - 0.5 for _, hour in few]
        _hatch(figure, [day for day, _ in few], starts, [1] * len(few), labels.colours.grey)
    _name_weekdays(figure, weekdays)
    return figure.update_xaxes(tickvals=hours[::2], range=[hours[0] - 0.5, hours[-1] + 0.5])


def _week(
    hours: list[int],
    shares: list[list[float | None]],
    texts: list[list[str]],
    labels: Labels,
    *,
    height: int,
    top: float = 1,
) -> go.Figure:
    cells = heat_map(
        hours,
        list(DAYS),
        shares,
        labels.colours.heat,
        zmax=top,
        hoverongaps=False,
        customdata=texts,
        hovertemplate="%{customdata}<extra></extra>",
    )
    return framed(go.Figure(cells), labels, height=height)


def _name_weekdays(figure: go.Figure, weekdays: Sequence[str]) -> None:
    figure.update_yaxes(
        autorange="reversed", tickvals=list(DAYS), ticktext=list(weekdays), showgrid=False, range=[7.5, 0.5]
    )


def _reach_text(row: Mapping[str, Any] | None, least: int, percent: TextOf, too_few: str) -> str:
    """Share, limits and number of attempts of one cell."""
    if row is None:
        return "n = 0"
    n = f"n = {int(row['n_attempts']):,}"
    if row["n_attempts"] < least:
        return f"{n}, {too_few}"
    limits = f"{percent(row['right_party_low'])}\u2013{percent(row['right_party_high'])}"
    return f"{percent(row['share_right_party'])} ({limits}), {n}"


def _hatch(
    figure: go.Figure, days: Sequence[int], starts: Sequence[float], lengths: Sequence[float], colour: str
) -> None:
    """Hatched bars over parts of the week, in hours: Plotly cannot hatch a shape."""
    figure.add_bar(
        x=lengths,
        base=starts,
        y=days,
        width=0.92,
        orientation="h",
        hoverinfo="skip",
        marker={"color": CLEAR, "line": {"width": 0}, "pattern": pattern(colour, 0.18)},
    )


def forbidden(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of a day outside the allowed spans, in minutes from midnight."""
    left, since = [], 0
    for start, end in sorted(spans):
        if start > since:
            left.append((since, start))
        since = max(since, end)
    return [*left, (since, 1440)] if since < 1440 else left


def _write_breaches(figure: go.Figure, cells: Cells, count: TextOf, colour: str) -> None:
    breached = [(day, hour, row["n_breach"]) for (day, hour), row in cells.items() if row["n_breach"]]
    font = {"color": ink_on(colour), "size": 11}
    lay_shapes(
        figure,
        (
            {
                "type": "rect",
                "fillcolor": colour,
                "line": {"width": 0},
                "x0": hour - 0.48,
                "x1": hour + 0.48,
                "y0": day - 0.46,
                "y1": day + 0.46,
            }
            for day, hour, _ in breached
        ),
    )
    write_notes(figure, ({"x": hour, "y": day, "text": count(n), "font": font} for day, hour, n in breached))
