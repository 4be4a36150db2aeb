"""How often the debtor is reached, by hour and weekday: cells with too few attempts stay hatched, without a number."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.notes import write_notes
from duewatch.charts.theme import Say, framed, ink_on, mixed, palette


def reach_heat(
    frame: pl.DataFrame,
    *,
    least: int,
    weekdays: Sequence[str],
    finding: str,
    axis: str,
    percent: Say,
    too_few: str,
    is_dark: bool,
) -> go.Figure:
    """`frame`: reach_by hour_of_week. A cell with fewer than `least` attempts tells how many it has and no share."""
    known = frame.filter(pl.col("hour").is_not_null() & pl.col("isodow").is_not_null())
    cells = {(row["isodow"], row["hour"]): row for row in known.iter_rows(named=True)}
    hours = list(range(min((hour for _, hour in cells), default=8), max((hour for _, hour in cells), default=20) + 1))
    low, high = palette(is_dark).heat
    shown = {key: row for key, row in cells.items() if row["n_attempts"] >= least}
    top = max((row["share_right_party"] for row in shown.values()), default=0.0) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=[[_share(shown, day, hour) for hour in hours] for day in range(1, 8)],
            x=hours,
            y=list(range(1, 8)),
            zmin=0,
            zmax=top,
            colorscale=[[0, low], [1, high]],
            showscale=False,
            xgap=1,
            ygap=1,
            hoverongaps=False,
            customdata=[[_told(cells, day, hour, least, percent, too_few) for hour in hours] for day in range(1, 8)],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    framed(figure, finding, height=320, x=axis)
    write_notes(
        figure,
        (
            {
                "x": hour,
                "y": day,
                "text": percent(row["share_right_party"]).rstrip("%"),
                "font": {"size": 11, "color": ink_on(mixed(low, high, row["share_right_party"] / top))},
            }
            for (day, hour), row in shown.items()
        ),
    )
    _hatch_few(figure, [key for key in cells if key not in shown], palette(is_dark).grey)
    figure.update_yaxes(
        autorange="reversed", tickvals=list(range(1, 8)), ticktext=list(weekdays), showgrid=False, range=[7.5, 0.5]
    )
    return figure.update_xaxes(tickvals=hours[::2], range=[hours[0] - 0.5, hours[-1] + 0.5])


def _share(shown: dict[tuple[int, int], dict[str, float]], day: int, hour: int) -> float | None:
    row = shown.get((day, hour))
    return row["share_right_party"] if row else None


def _told(
    cells: dict[tuple[int, int], dict[str, float]], day: int, hour: int, least: int, percent: Say, too_few: str
) -> str:
    row = cells.get((day, hour))
    if row is None:
        return f"{hour:02}:00  n = 0"
    n = f"n = {int(row['n_attempts']):,}"
    if row["n_attempts"] < least:
        return f"{hour:02}:00  {n}, {too_few}"
    span = f"{percent(row['right_party_low'])}\u2013{percent(row['right_party_high'])}"
    return f"{hour:02}:00  {percent(row['share_right_party'])} ({span}), {n}"


def _hatch_few(figure: go.Figure, cells: Sequence[tuple[int, int]], colour: str) -> None:
    """Bars, because shapes cannot be hatched."""
    if not cells:
        return
    figure.add_bar(
        x=[1] * len(cells),
        base=[hour - 0.5 for _, hour in cells],
        y=[day for day, _ in cells],
        width=0.92,
        orientation="h",
        hoverinfo="skip",
        marker={
            "color": "rgba(0,0,0,0)",
            "line": {"width": 0},
            "pattern": {"shape": "/", "fgcolor": colour, "size": 6, "solidity": 0.18},
        },
    )
