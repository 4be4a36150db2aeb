"""Breaches a day against what chance alone would give (u-chart)."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.theme import Labels, TextOf, framed, ticks

TAIL = 0.00135
"""Chance of a day beyond one limit: that of three standard deviations on one side."""


@dataclass(frozen=True)
class Limits:
    """What chance alone gives, as shares of contacts."""

    centre: float
    """Mean of all days."""
    low: tuple[float, ...]
    """Day by day: a Poisson count falls below with a chance of at most TAIL."""
    high: tuple[float, ...]
    """Day by day: a Poisson count rises above with a chance of at most TAIL."""


def u_limits(breaches: list[int], contacts: list[int]) -> Limits:
    """Limits of a rate with changing n, exact for a Poisson count. Shewhart's limits (centre +- 3 sqrt(centre / n))
    call two breaches a signal where 0.25 are expected; chance alone gives that on every fortieth day. A day without
    contacts takes the centre."""
    centre = sum(breaches) / sum(contacts) if sum(contacts) else 0.0
    spans = [poisson_span(centre * n) for n in contacts]
    low = tuple(span[0] / n if n else centre for span, n in zip(spans, contacts, strict=True))
    return Limits(centre, low, tuple(span[1] / n if n else centre for span, n in zip(spans, contacts, strict=True)))


def poisson_span(mean: float) -> tuple[int, int]:
    """The least and the largest count that are not in a tail of at most TAIL."""
    if mean > 700:  # exp(-mean) would be 0; the normal limits are exact enough there
        half = 3.0 * mean**0.5
        return int(mean - half), int(mean + half) + 1
    count, chance = 0, exp(-mean)
    below = chance
    low = 0
    while below < 1 - TAIL:
        low = count + 1 if below <= TAIL else low
        count += 1
        chance *= mean / count
        below += chance
    return low, count


def outside(breaches: list[int], contacts: list[int]) -> list[int]:
    """Places of the days that lie outside their limits."""
    limits = u_limits(breaches, contacts)
    return [
        no
        for no, (k, n) in enumerate(zip(breaches, contacts, strict=True))
        if n and not limits.low[no] <= k / n <= limits.high[no]
    ]


def u_chart(frame: pl.DataFrame, labels: Labels, *, rate: TextOf, names: dict[str, str]) -> go.Figure:
    """One point a day; days outside the limits are diamonds in the colour of a breach. `frame`: breaches_by_day.
    `rate` writes a share; `names` are the words for mean and limit."""
    colours = labels.colours
    breaches, contacts = frame["n_breaching"].to_list(), frame["n_contacts"].to_list()
    days = [day.isoformat() for day in frame["local_date"].to_list()]
    shares = [k / n if n else None for k, n in zip(breaches, contacts, strict=True)]
    limits, outliers = u_limits(breaches, contacts), set(outside(breaches, contacts))
    figure = go.Figure()
    band = {"color": colours.grey, "width": 1, "dash": "dot", "shape": "hvh"}
    figure.add_scatter(x=days, y=list(limits.high), mode="lines", line=band, hoverinfo="skip", name="high")
    figure.add_scatter(x=days, y=list(limits.low), mode="lines", line=band, hoverinfo="skip", name="low")
    figure.add_scatter(
        x=days,
        y=shares,
        mode="lines+markers",
        name="rate",
        line={"color": colours.edge, "width": 1},
        marker={
            "color": [colours.breach if n in outliers else colours.accent for n in range(len(days))],
            "symbol": ["diamond" if n in outliers else "circle" for n in range(len(days))],
            "size": [11 if n in outliers else 6 for n in range(len(days))],
        },
        customdata=[f"{k} / {n}" for k, n in zip(breaches, contacts, strict=True)],
        hovertemplate="%{x}: %{customdata}<extra></extra>",
    )
    framed(figure, labels, height=300)
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
