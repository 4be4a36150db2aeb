"""Cohorts by month opened, or by month of entry into a bucket, each at the same age. Nothing incomplete is drawn."""

from __future__ import annotations

from datetime import date
from typing import cast

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.theme import Say, framed, mixed, palette, ticks


def drawable(frame: pl.DataFrame, share: str = "share_balance") -> pl.DataFrame:
    """The rows of `vintage` or `liquidation_curve` that may be drawn: complete, and of a cohort that has a balance."""
    return frame.filter(pl.col("is_complete") & pl.col(share).is_not_null())


def vintage_curves(
    frame: pl.DataFrame,
    *,
    finding: str,
    x_axis: str,
    y_axis: str,
    percent: Say,
    is_dark: bool,
    age: str = "months_on_book",
    share: str = "share_balance",
) -> go.Figure:
    """One line a cohort, older ones pale, the newest with more than one age in the accent and named at its end.
    `age` and `share` name the columns of the two axes; a point's customdata is its value, cohort and age."""
    rows = drawable(frame, share).sort("cohort", age).rename({age: "age", share: "share"})
    cohorts = rows["cohort"].unique().sort().to_list()
    newest = newest_cohort(rows)
    figure = go.Figure()
    for place, cohort in enumerate(cohorts):
        _add_curve(
            figure, rows.filter(pl.col("cohort") == cohort), place, len(cohorts), cohort == newest, percent, is_dark
        )
    framed(figure, finding, height=340, x=x_axis, y=y_axis)
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


def _add_curve(
    figure: go.Figure, rows: pl.DataFrame, place: int, n: int, is_newest: bool, percent: Say, is_dark: bool
) -> None:
    colours = palette(is_dark)
    name = rows["cohort"][0].isoformat()[:7]
    pale = mixed(colours.paper, colours.grey, 0.45 + 0.55 * place / max(n - 1, 1))
    shares = rows["share"].to_list()
    mode = "lines+markers" if len(shares) == 1 or is_newest else "lines"
    figure.add_scatter(
        x=rows["age"].to_list(),
        y=shares,
        mode=mode,
        name=name,
        customdata=[[percent(row["share"]), str(row["cohort"]), row["age"]] for row in rows.iter_rows(named=True)],
        line={"color": colours.accent if is_newest else pale, "width": 3 if is_newest else 1.5},
        marker={"size": 5},
        hovertemplate=f"{name} · %{{x}}: %{{customdata[0]}}<extra></extra>",
    )
    if is_newest or place == 0:
        figure.add_annotation(
            x=rows["age"][-1],
            y=shares[-1],
            text=name,
            showarrow=False,
            xanchor="left",
            xshift=6,
            font={"color": colours.accent, "weight": 700} if is_newest else {},
        )
