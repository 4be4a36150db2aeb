"""What was promised for each day, by how it stands."""

from __future__ import annotations

from datetime import date

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.theme import CLEAR, LEGEND_ABOVE, Labels, TextOf, framed, pattern, ticks

STATES = ("kept", "partial", "broken", "pending")


def due_calendar(
    frame: pl.DataFrame, labels: Labels, *, as_of: date, text_of: TextOf, names: dict[str, str]
) -> go.Figure:
    """Stacked bars a day; what is pending is hatched, because nobody knows yet. `frame`: promises/due_calendar of one
    currency. `names`: the words of the states and of "as_of"."""
    colours = labels.colours
    fills = {"kept": colours.less, "partial": colours.near, "broken": colours.breach, "pending": CLEAR}
    days = frame["due_on"].unique().sort().to_list()
    day_labels = [day.isoformat() for day in days]
    figure = go.Figure()
    for state in STATES:
        of_state = {row["due_on"]: row for row in frame.filter(pl.col("state") == state).iter_rows(named=True)}
        values = [float(of_state[day]["promised"]) if day in of_state else 0.0 for day in days]
        counts = [of_state[day]["n_promises"] if day in of_state else 0 for day in days]
        marker: dict[str, object] = {"color": fills[state], "line": {"width": 0.5, "color": colours.edge}}
        if state == "pending":
            marker["pattern"] = pattern(colours.total)
        figure.add_bar(
            x=day_labels,
            y=values,
            name=names[state],
            marker=marker,
            customdata=[
                [text_of(value), count, label] for value, count, label in zip(values, counts, day_labels, strict=True)
            ],
            hovertemplate=f"%{{x}} · {names[state]}: %{{customdata[0]}} (n = %{{customdata[1]}})<extra></extra>",
        )
    framed(figure, labels, height=340)
    totals = [sum(float(trace.y[n]) for trace in figure.data) for n in range(len(days))]
    figure.update_layout(barmode="stack", showlegend=True, legend=LEGEND_ABOVE)
    figure.update_xaxes(type="date", tickformat="%m-%d")
    ticks(figure.update_yaxes, max(totals, default=0.0), text_of)
    if days and days[0] <= as_of <= days[-1]:
        figure.add_vline(x=as_of.isoformat(), line={"color": colours.accent, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=as_of.isoformat(), y=1, yref="paper", text=names["as_of"], showarrow=False, xanchor="left", xshift=4
        )
    return figure
