"""Cohorts by month opened, or by month of entry into a bucket, each at the same age. Nothing incomplete is drawn."""

from __future__ import annotations

from datetime import date
from typing import cast

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.theme import Labels, TextOf, framed, mixed, ticks


def drawable(frame: pl.DataFrame, share: str = "share_balance") -> pl.DataFrame:
    """The rows of `vintage` or `liquidation_curve` that may be drawn: complete, and of a cohort that has a balance."""
    return frame.filter(pl.col("is_complete") & pl.col(share).is_not_null())


def vintage_curves(
    frame: pl.DataFrame, labels: Labels, *, percent: TextOf, age: str = "months_on_book", share: str = "share_balance"
) -> go.Figure:
    """One line a cohort, older ones pale, the newest with more than one age in the accent and named at its end.
    `age` and `share` name the columns of the two axes; a point's customdata is its value, cohort and age."""
    rows = drawable(frame, share).sort("cohort", age).rename({age: "age", share: "share"})
    cohorts = rows["cohort"].unique().sort().to_list()
    newest = newest_cohort(rows)
    figure = go.Figure()
    for no, cohort in enumerate(cohorts):
        depth = 0.45 + 0.55 * no / max(len(cohorts) - 1, 1)
        pale = mixed(labels.colours.paper, labels.colours.grey, depth)
        colour = labels.colours.accent if cohort == newest else pale
        of_cohort = rows.filter(pl.col("cohort") == cohort)
        _add_curve(figure, of_cohort, colour, percent, is_newest=cohort == newest)
        if cohort == newest or no == 0:
            _name_curve(figure, of_cohort, {"color": colour, "weight": 700} if cohort == newest else {})
    framed(figure, labels, height=340)
    ticks(figure.update_yaxes, max(rows["share"].to_list(), default=0.0), percent)
    step = 30 if age != "months_on_book" else 1 if rows["age"].n_unique() <= 13 else 3
    figure.update_xaxes(dtick=step, rangemode="tozero")
    return figure.update_layout(margin={"r": 72})


def newest_cohort(rows: pl.DataFrame) -> date | None:
    """The youngest cohort with at least three ages, else the oldest there is; None where there is none."""
    ages = rows.group_by("cohort").agg(pl.len().alias("n")).sort("cohort")
    old_enough = ages.filter(pl.col("n") >= 3)
    if old_enough.height:
        return cast(date, old_enough["cohort"][-1])
    return cast(date, ages["cohort"][0]) if ages.height else None


def _add_curve(figure: go.Figure, rows: pl.DataFrame, colour: str, percent: TextOf, *, is_newest: bool) -> None:
    name = _month(rows)
    figure.add_scatter(
        x=rows["age"].to_list(),
        y=rows["share"].to_list(),
        mode="lines+markers" if rows.height == 1 or is_newest else "lines",
        name=name,
        customdata=[[percent(row["share"]), str(row["cohort"]), row["age"]] for row in rows.iter_rows(named=True)],
        line={"color": colour, "width": 3 if is_newest else 1.5},
        marker={"size": 5},
        hovertemplate=f"{name} · %{{x}}: %{{customdata[0]}}<extra></extra>",
    )


def _name_curve(figure: go.Figure, rows: pl.DataFrame, font: dict[str, object]) -> None:
    """The cohort's month at the end of its line."""
    figure.add_annotation(
        x=rows["age"][-1], y=rows["share"][-1], text=_month(rows), showarrow=False, xanchor="left", xshift=6, font=font
    )


def _month(rows: pl.DataFrame) -> str:
    return str(rows["cohort"][0])[:7]
