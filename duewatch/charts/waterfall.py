"""Why the overdue balance moved: opening + movements = closing."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.notes import lay_shapes
from duewatch.charts.theme import Labels, Palette, TextOf, framed, hatched, palette, ticks

ENDS = ("opening", "closing")


def waterfall(frame: pl.DataFrame, labels: Labels, *, text_of: TextOf, names: dict[str, str]) -> go.Figure:
    """Floating bars from a zero base; a bar's customdata is its component. The residual is hatched.
    `frame`: overdue_bridge of one currency. `text_of` writes signed money."""
    rows = frame.sort("position").to_dicts()
    figure = go.Figure()
    level, top = 0.0, 0.0
    for row in rows:
        amount = float(row["amount"])
        start = 0.0 if row["component"] in ENDS else level
        level = start + amount
        top = max(top, level, start)
        figure.add_bar(**_bar(row, _stacked(names[row["component"]]), start, amount, text_of, labels.is_dark))
    _connect(figure, rows, labels.is_dark)
    framed(figure, labels, height=400)
    ticks(figure.update_yaxes, top, lambda value: text_of(value).lstrip("+"))
    figure.update_yaxes(range=[min(0.0, *(float(trace.base[0]) for trace in figure.data)), top * 1.12 or 1])
    figure.update_xaxes(type="category", tickangle=0)
    return figure


def _stacked(name: str) -> str:
    """One word below the other, so that a phone writes it level."""
    return name.replace(" ", "<br>")


def _bar(
    row: dict[str, object], name: str, start: float, amount: float, text_of: TextOf, is_dark: bool
) -> dict[str, object]:
    component, colours = str(row["component"]), palette(is_dark)
    is_end = component in ENDS
    text = text_of(amount).lstrip("+") if is_end else text_of(amount)
    if component == "residual":
        marker = hatched(colours.grey)
    else:
        is_loss = component == "written_off"
        marker = {"color": colours.total if is_end else colours.grey if is_loss else _moved(colours, amount)}
    return {
        "x": [name],
        "y": [abs(amount)],
        "base": [min(start, start + amount)],
        "name": name,
        "customdata": [component],
        "marker": marker,
        "width": 0.62,
        "text": [text],
        "textposition": "outside",
        "cliponaxis": False,
        "constraintext": "none",
        "textangle": 0,
        "textfont": {"size": 11},
        "hovertemplate": f"{name}: {text}<extra></extra>",
    }


def _moved(colours: Palette, amount: float) -> str:
    """More overdue or less; what was written off left the book unpaid and is neither."""
    return colours.more if amount > 0 else colours.less


def _connect(figure: go.Figure, rows: list[dict[str, object]], is_dark: bool) -> None:
    """Thin lines from bar to bar at the level that was reached."""
    level, lines = 0.0, []
    line = {"color": palette(is_dark).grey, "width": 1, "dash": "dot"}
    for no, row in enumerate(rows[:-1]):
        amount = float(str(row["amount"]))
        level = amount if row["component"] in ENDS else level + amount
        lines.append({"type": "line", "x0": no + 0.31, "x1": no + 0.69, "y0": level, "y1": level, "line": line})
    lay_shapes(figure, lines)
