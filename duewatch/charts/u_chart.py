"""Breaches a day against what chance alone would give (u-chart)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.theme import Say, framed, palette, ticks

SIGMAS = 3.0


@dataclass(frozen=True)
class Limits:
    """Centre line and, day by day, the limits within which a Poisson count with that mean stays 997 times in 1,000;
    all as shares of contacts."""

    centre: float
    low: tuple[float, ...]
    high: tuple[float, ...]


def u_limits(breaches: list[int], contacts: list[int]) -> Limits:
    """Shewhart's limits for rates with changing n: centre +- 3 sqrt(centre / n), never below 0. A day without contacts
    has no limits of its own; it takes the centre."""
    centre = sum(breaches) / sum(contacts) if sum(contacts) else 0.0
    halves = [SIGMAS * sqrt(centre / n) if n else 0.0 for n in contacts]
    return Limits(centre, tuple(max(0.0, centre - half) for half in halves), tuple(centre + half for half in halves))


def outside(breaches: list[int], contacts: list[int]) -> list[int]:
    """Places of the days that lie outside their limits."""
    limits = u_limits(breaches, contacts)
    return [
        place
        for place, (k, n) in enumerate(zip(breaches, contacts, strict=True))
        if n and not limits.low[place] <= k / n <= limits.high[place]
    ]


def u_chart(
    frame: pl.DataFrame, *, finding: str, axis: str, rate: Say, names: dict[str, str], is_dark: bool
) -> go.Figure:
    """One point a day; days outside the limits are diamonds in the colour of a breach. `frame`: breaches_by_day.
    `rate` writes a share; `names` are the words for mean and limit."""
    colours = palette(is_dark)
    breaches, contacts = frame["n_breaching"].to_list(), frame["n_contacts"].to_list()
    days = [day.isoformat() for day in frame["local_date"].to_list()]
    shares = [k / n if n else None for k, n in zip(breaches, contacts, strict=True)]
    limits, far = u_limits(breaches, contacts), set(outside(breaches, contacts))
    figure = go.Figure()
    band = {"color": colours.grey, "width": 1, "dash": "dot", "shape": "hvh"}
    figure.add_scatter(x=days, y=list(limits.high), mode="lines", line=band, hoverinfo="skip", name="high")
    figure.add_scatter(x=days, y=list(limits.low), mode="lines", line=band, hoverinfo="skip", name="low")
    figure.add_scatter(
        x=days, y=shares, mode="lines+markers", name="rate", line={"color": colours.edge, "width": 1},
        marker={
            "color": [colours.breach if n in far else colours.accent for n in range(len(days))],
            "symbol": ["diamond" if n in far else "circle" for n in range(len(days))],
            "size": [11 if n in far else 6 for n in range(len(days))],
        },
        customdata=[f"{k} / {n}" for k, n in zip(breaches, contacts, strict=True)],
        hovertemplate="%{x}: %{customdata}<extra></extra>",
    )  # fmt: skip
    framed(figure, finding, height=300, y=axis)
    _name_lines(figure, limits, days, names, colours.grey)
    ticks(figure.update_yaxes, max([*limits.high, *(share or 0 for share in shares)], default=0.0), rate)
    figure.update_xaxes(type="date", tickformat="%m-%d")
    return figure.update_layout(margin={"r": 88})


def _name_lines(figure: go.Figure, limits: Limits, days: list[str], names: dict[str, str], colour: str) -> None:
    if not days:
        return
    figure.add_hline(y=limits.centre, line={"color": colour, "width": 1})
    for text, value in ((names["mean"], limits.centre), (names["limit"], limits.high[-1])):
        figure.add_annotation(x=days[-1], y=value, text=text, showarrow=False, xanchor="left", xshift=8)
