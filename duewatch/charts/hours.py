"""When people are contacted: hour of the debtor's day by weekday, with the hours that a rule forbids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.notes import lay_shapes, write_notes
from duewatch.charts.theme import Say, framed, ink_on, palette

Allowed = Mapping[int, Sequence[tuple[int, int]]]
"""Weekday (Monday 1) to allowed spans, as minutes from midnight; a weekday without spans allows nothing."""


def hours_heat(
    frame: pl.DataFrame,
    *,
    allowed: Allowed,
    weekdays: Sequence[str],
    finding: str,
    axis: str,
    count: Say,
    is_dark: bool,
) -> go.Figure:
    """A cell an hour of a weekday, the darker the more contacts. Contacts found outside the allowed hours are written
    in the cell, which turns to the colour of a breach; forbidden hours are hatched. `frame`: contact_hours."""
    counts = {(row["isodow"], row["hour"]): row for row in frame.iter_rows(named=True)}
    most = max((row["n_contacts"] for row in counts.values()), default=0) or 1
    low, high = palette(is_dark).heat
    told, shares = _cells(counts, most, count)
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=list(range(24)),
            y=list(range(1, 8)),
            zmin=0,
            zmax=1,
            colorscale=[[0, low], [1, high]],
            showscale=False,
            xgap=1,
            ygap=1,
            customdata=told,
            hoverongaps=False,
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    framed(figure, finding, height=300, x=axis)
    _hatch_forbidden(figure, allowed, palette(is_dark).grey)
    _write_breaches(figure, counts, count, palette(is_dark).breach)
    figure.update_yaxes(
        autorange="reversed", tickvals=list(range(1, 8)), ticktext=list(weekdays), showgrid=False, range=[7.5, 0.5]
    )
    return figure.update_xaxes(tickvals=list(range(0, 24, 3)), range=[-0.5, 23.5])


def _cells(
    counts: Mapping[tuple[int, int], Mapping[str, int]], most: int, count: Say
) -> tuple[list[list[str]], list[list[float | None]]]:
    """What a pointer reads in each cell, and its share of the fullest cell; an hour without contacts stays empty."""
    told: list[list[str]] = []
    shares: list[list[float | None]] = []
    for day in range(1, 8):
        cells = [counts.get((day, hour)) for hour in range(24)]
        shares.append([cell["n_contacts"] / most if cell and cell["n_contacts"] else None for cell in cells])
        told.append([f"{hour:02}:00  {count(cell['n_contacts']) if cell else 0}" for hour, cell in enumerate(cells)])
    return told, shares


def _hatch_forbidden(figure: go.Figure, allowed: Allowed, colour: str) -> None:
    """Bars over the forbidden part of each day; bars because shapes cannot be hatched."""
    if not allowed:
        return
    for day in range(1, 8):
        for start, end in forbidden(allowed.get(day, ())):
            figure.add_bar(
                x=[(end - start) / 60],
                base=[start / 60 - 0.5],
                y=[day],
                width=0.92,
                orientation="h",
                hoverinfo="skip",
                marker={
                    "color": "rgba(0,0,0,0)",
                    "line": {"width": 0},
                    "pattern": {"shape": "/", "fgcolor": colour, "size": 6, "solidity": 0.18},
                },
            )


def forbidden(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of a day outside the allowed spans, in minutes from midnight."""
    left, since = [], 0
    for start, end in sorted(spans):
        if start > since:
            left.append((since, start))
        since = max(since, end)
    return [*left, (since, 1440)] if since < 1440 else left


def _write_breaches(
    figure: go.Figure, counts: Mapping[tuple[int, int], Mapping[str, int]], count: Say, colour: str
) -> None:
    breached = [(day, hour, row["n_breach"]) for (day, hour), row in counts.items() if row["n_breach"]]
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
