"""Sections of the Teams page: the funnel plot, the table by name, and the accounts behind one number."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import isclose
from typing import Any

import polars as pl
import streamlit as st

from duewatch.charts.funnel_plot import funnel_plot
from duewatch.metrics.decided_days import promise_rules
from duewatch.metrics.funnel_plot import Comparison
from duewatch.reads import compliance
from duewatch.reads import teams as reads
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.definition import definition_button
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.table import draw_table, total_of
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.teams import summary as teams


@dataclass(frozen=True)
class Question:
    """What is compared."""

    unit: str
    """collector or team."""
    outcome: str
    within_days: int
    """Days after the assignment within which an outcome counts."""
    params: dict[str, Any]
    """Parameters of the queries."""

    @property
    def conduct(self) -> dict[str, Any]:
        return {"grouping_by": self.unit, "from_date": self.params["from_date"], "to_date": self.params["to_date"]}


def pick_question(ctx: PageContext) -> Question:
    """Collectors or teams, outcome, months of assignments and days within which something counts."""
    words = ctx.words
    with st.container(horizontal=True, vertical_alignment="bottom"):
        unit = one_of(words, "teams.compare", {n: f"teams.unit_{n}" for n in ("collector", "team")}, "team_unit")
        outcome = one_of(words, "teams.outcome", {n: f"teams.outcome_{n}" for n in teams.OUTCOMES}, "team_outcome")
        months = one_of(words, "teams.months", {str(n): f"teams.months_{n}" for n in teams.MONTHS}, "team_months")
        within = one_of(words, "teams.within", {str(n): f"teams.within_{n}" for n in teams.WITHIN}, "team_within")
    first = compliance.judged_days(ctx.ask).row(0, named=True)["first_day"]
    start, end = teams.window(ctx.as_of, int(months), int(within), first)
    params: dict[str, Any] = {
        "as_of": end,
        "from_date": start,
        "to_date": end,
        "within_days": int(within),
        "outcome": outcome,
        "grouping_by": unit,
        **promise_rules(),
    }
    return Question(unit, outcome, int(within), params)


def plot(ctx: PageContext, question: Question, comparison: Comparison) -> None:
    words, numbers = ctx.words, ctx.numbers
    st.subheader(words("teams.plot"), anchor=False)
    figure = funnel_plot(
        comparison.points,
        ctx.labels(
            teams.finding(words, numbers, comparison),
            x=words("teams.plot_x"),
            y=words(f"teams.plot_y_{question.outcome}"),
        ),
        ratio=lambda value: f"{value:.2f}",
        count=numbers.short,
        names=(words("teams.limits_95"), words("teams.limits_998"), words("teams.as_expected")),
    )
    draw(ctx, figure, "team_plot", on_click=lambda point: _pick(point.get("customdata")))
    st.caption(words("teams.plot_note"))


def _pick(name: object) -> None:
    if name:
        st.session_state["team_group"] = str(name[0] if isinstance(name, list) else name)


def by_name(
    ctx: PageContext, question: Question, comparison: Comparison, groups: pl.DataFrame, conduct: pl.DataFrame
) -> None:
    """Everybody who is shown, in the order of names, conduct beside cash."""
    words = ctx.words
    st.subheader(words("teams.table"), anchor=False)
    names_shown = {member.counts.name for member in comparison.points}
    st.markdown(f"**{teams.conduct_finding(words, ctx.numbers, conduct, names_shown, question.unit)}**")
    rows = teams.table(words, comparison, groups, conduct)
    draw_table(ctx, rows.select(teams.SEEN), alt=words("teams.table"))
    offer(ctx, Export(rows, metric="observed_expected", title=words("teams.table")))
    definition_button(ctx, "observed_expected")
    st.caption(words("teams.table_note", hidden=ctx.numbers.count(len(comparison.hidden))))


def rows_behind(ctx: PageContext, question: Question, comparison: Comparison, groups: pl.DataFrame) -> None:
    """One collector's or team's accounts; they add up to observed, expected and collected."""
    words = ctx.words
    st.subheader(words("teams.rows"), anchor=False)
    names = [member.counts.name for member in comparison.points]
    picked_name = st.session_state.get("team_group", st.query_params.get("team_group"))
    if picked_name not in names:
        outliers = teams.outside(comparison)
        picked_name = outliers[0].counts.name if outliers else names[0]
    st.session_state["team_group"] = picked_name
    name = st.selectbox(words(f"teams.unit_{question.unit}"), names, key="team_group")
    st.query_params["team_group"] = name
    whole = groups.filter(pl.col("group_name") == name).row(0, named=True)
    rows = reads.cases_of_group(ctx.ask, group_name=name, **question.params)
    observed, expected = int(rows["observed"].sum()), float(rows["expected"].sum())
    collected = total_of(rows, "collected")
    sums_text = f"{observed:,} / {expected:,.1f}"
    if observed != whole["observed"] or not isclose(expected, whole["expected"], rel_tol=1e-9, abs_tol=1e-9):
        st.error(words("guard.not_equal", rows=sums_text, number=f"{whole['observed']:,} / {whole['expected']:,.1f}"))
    elif collected != Decimal(whole["collected"]):
        exact = ctx.numbers.exact_money
        st.error(words("guard.not_equal", rows=exact(collected), number=exact(whole["collected"])))
    else:
        st.markdown(
            words(
                "teams.rows_total",
                n=ctx.numbers.count(rows.height),
                observed=ctx.numbers.count(observed),
                expected=f"{expected:,.1f}",
                collected=ctx.numbers.exact_money(collected),
                apart=ctx.numbers.count(rows.height - whole["n_compared"]),
            )
        )
    draw_table(ctx, rows.drop("currency"), alt=words("teams.rows"))
    offer(ctx, Export(rows, metric="observed_expected", title=f"{words('teams.rows')}: {name}", total=collected))


def show_why_nobody(ctx: PageContext, groups: pl.DataFrame, comparison: Comparison) -> None:
    """Why there is nothing to compare."""
    if groups.is_empty():
        empty(ctx.words("teams.no_cases"))
    else:
        empty(ctx.words("teams.all_hidden", hidden=ctx.numbers.count(len(comparison.hidden))))
