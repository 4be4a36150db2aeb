"""The contacts that prove one finding, on one time axis."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.theme import Labels, framed, palette


def finding_timeline(frame: pl.DataFrame, labels: Labels, *, names: Mapping[str, str], limit: int | None) -> go.Figure:
    """One row a channel. Counted contacts have their number; those past `limit`, and the finding itself, are diamonds
    in the colour of a breach; contacts that did not count are small and grey. `frame`: finding_contacts; `names`:
    words of the channels, and `window`. Times are the debtor's; within one day the axis shows hours."""
    colours = labels.colours
    rows = frame.filter(pl.col("local_date").is_not_null())
    figure = go.Figure()
    for is_counted in (False, True):
        part = rows.filter(pl.col("is_counted") == is_counted)
        if not part.is_empty():
            _add_points(figure, part, names, limit if is_counted else None, labels.is_dark)
    framed(figure, labels, height=120 + 44 * max(rows["channel"].n_unique(), 1))
    counted = rows.filter("is_counted")["local_date"]
    if limit is not None and not counted.is_empty():
        _shade_window(figure, counted.to_list(), names["window"], colours.near)
    figure.update_yaxes(type="category", showgrid=False)
    figure.update_xaxes(type="date", tickformat="%m-%d")
    days = rows["local_date"].unique().to_list()
    if len(days) == 1:
        figure.update_xaxes(range=[f"{days[0]}T00:00:00", f"{days[0]}T23:59:59"], tickformat="%m-%d<br>%H:%M")
    return figure


def _add_points(
    figure: go.Figure, part: pl.DataFrame, names: Mapping[str, str], limit: int | None, is_dark: bool
) -> None:
    colours = palette(is_dark)
    looks = [_look(row, limit, is_dark) for row in part.iter_rows(named=True)]
    figure.add_scatter(
        x=[f"{row['local_date']}T{row['local_time'] or '00:00:00'}" for row in part.iter_rows(named=True)],
        y=[names.get(channel, channel) for channel in part["channel"].to_list()],
        mode="markers+text",
        text=[str(number) if number else "" for number in part["place"].to_list()],
        textposition="top center",
        marker={
            "color": [colour for colour, _, _ in looks],
            "symbol": [shape for _, shape, _ in looks],
            "size": [size for _, _, size in looks],
            "line": {"color": colours.paper, "width": 1},
        },
        customdata=part["contact_id"].to_list(),
        hovertemplate="%{customdata}: %{x|%Y-%m-%d %H:%M}<extra></extra>",
    )


def _look(row: Mapping[str, object], limit: int | None, is_dark: bool) -> tuple[str, str, int]:
    """Colour, shape and size of one contact."""
    colours = palette(is_dark)
    if not row["is_counted"]:
        return colours.grey, "circle", 6
    number = row["place"]
    is_past = row["is_judged"] or (limit is not None and isinstance(number, int) and number > limit)
    return (colours.breach, "diamond", 14) if is_past else (colours.accent, "circle", 11)


def _shade_window(figure: go.Figure, days: list[object], text: str, colour: str) -> None:
    """From the first counted day to the end of the last."""
    figure.add_vrect(
        x0=f"{min(map(str, days))}T00:00:00",
        x1=f"{max(map(str, days))}T23:59:59",
        fillcolor=colour,
        opacity=0.12,
        line_width=0,
        annotation_text=text,
        annotation_position="top left",
    )
