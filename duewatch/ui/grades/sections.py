"""Sections of the Risk grades page: separation, other cuts, classes, signs, collateral, rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import streamlit as st

from duewatch.charts.cell_grid import cell_grid
from duewatch.charts.shares import share_rows
from duewatch.compliance.scorecard import Scorecard, grade_accounts, outcomes_by_group, separation
from duewatch.reads import process as reads
from duewatch.ui.grades import summary as grades
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.table import draw_account_rows, draw_table
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext

SHOWN = ("group_name", "n_accounts", "n_followed", "n_worse", "share_worse", "worse_low", "worse_high", "share_cured")
FACTS = (
    "account_id",
    "product",
    "branch",
    "days_past_due",
    "bucket",
    "balance",
    "risk_grade",
    "grade",
    "points",
    "points_days_past_due",
    "points_balance",
    "points_spells",
    "points_industry",
    "points_macro",
    "n_spells",
    "history",
    "delay_cause",
    "willingness",
    "ability",
)


def do_grades_separate(ctx: PageContext, own: pl.DataFrame, card: pl.DataFrame) -> None:
    """Both gradings with what became of their accounts."""
    words = ctx.words
    st.subheader(words("grades.separation"), anchor=False)
    for side, (name, frame) in zip(st.columns(2, gap="large"), (("own", own), ("card", card)), strict=True):
        with side:
            points = grades.grade_points(words, frame)
            if not points:
                empty(words("grades.too_few"))
                continue
            finding = grades.grade_finding(words, ctx.numbers, name, frame)
            figure = share_rows(points, ctx.labels(finding, x=words("grades.worse_axis")), percent=ctx.numbers.percent)
            draw(ctx, figure, f"grades_{name}")
    st.caption(words("grades.separation_note"))


def the_card(ctx: PageContext, card: Scorecard, day: date) -> None:
    """The points in force, as the file gives them."""
    words = ctx.words
    cut = card.cut_on(day)
    with st.expander(words("grades.card_points")):
        if cut is None:
            empty(words("grades.no_cut"))
            return
        st.markdown(
            words("grades.cut", medium=cut.medium_from, high=cut.high_from, since=cut.effective_from.isoformat())
        )
        lines = pl.DataFrame(
            [
                {
                    "factor": line.factor,
                    "reached": line.reached,
                    "word": line.word,
                    "limit_currency": line.currency,
                    "points": line.points,
                    "effective_from": line.effective_from,
                    "effective_to": line.effective_to,
                }
                for line in card.points_on(day)
            ],
            schema={
                "factor": pl.String,
                "reached": pl.Int64,
                "word": pl.String,
                "limit_currency": pl.String,
                "points": pl.Int64,
                "effective_from": pl.Date,
                "effective_to": pl.Date,
            },
        )
        draw_table(ctx, lines, alt=words("grades.card_points"))
        st.caption(words("grades.card_note"))


def other_cuts(ctx: PageContext, card: Scorecard, facts: pl.DataFrame, day: date) -> None:
    """Other cuts: how many accounts change grade, and whether grades then separate better. Nothing is kept."""
    words, numbers = ctx.words, ctx.numbers
    cut = card.cut_on(day)
    st.subheader(words("grades.try"), anchor=False)
    if cut is None:
        empty(words("grades.no_cut"))
        return
    with st.container(horizontal=True):
        medium = st.number_input(words("grades.medium_from"), 0, 1000, cut.medium_from, key="medium_from")
        high = st.number_input(words("grades.high_from"), 0, 1000, cut.high_from, key="high_from")
    if high <= medium:
        empty(words("grades.cut_order"))
        return
    if (medium, high) == (cut.medium_from, cut.high_from):
        st.caption(words("grades.try_hint"))
        return
    tried_card = replace(card, cuts=(replace(cut, medium_from=medium, high_from=high),))
    current_grades, tried_grades = grade_accounts(facts, card, day), grade_accounts(facts, tried_card, day)
    before, after = (separation(outcomes_by_group(frame, "grade")) for frame in (current_grades, tried_grades))
    moves = grades.grade_changes(current_grades, tried_grades)
    st.markdown(
        words(
            "grades.tried",
            n=numbers.count(moves["n_accounts"].sum()),
            whole=numbers.count(facts.height),
            before=numbers.points(before.value if before else None),
            after=numbers.points(after.value if after else None),
        )
    )
    if moves.height:
        draw_table(ctx, moves, alt=words("grades.try"))
    st.caption(words("grades.try_note"))


def classes(ctx: PageContext, card: Scorecard, start: date, end: date) -> None:
    """History, cause and bucket: what became of each class."""
    words = ctx.words
    st.subheader(words("grades.classes"), anchor=False)
    kind = one_of(words, "limits.by", {name: f"grades.by_{name}" for name in grades.CLASSES}, "grades_by")
    st.caption(words(f"grades.note_{kind}"))
    outcomes_of_class = reads.outcomes_by(ctx.ask, as_of=start, to_date=end, grouping_by=kind, **card.params)
    table = grades.with_group_names(words, outcomes_of_class.select(SHOWN), kind)
    draw_table(ctx, table, alt=words("grades.classes"))
    classed = outcomes_of_class.rename({"group_name": kind})  # whose codes have words in Excel
    offer(ctx, Export(classed, metric="class_outcomes", title=words(f"grades.by_{kind}")))


def signs(ctx: PageContext, card: Scorecard, start: date, end: date) -> None:
    """Willingness by ability, with those nothing is known of beside."""
    words = ctx.words
    st.subheader(words("grades.signs"), anchor=False)
    cells = reads.outcomes_by(
        ctx.ask, as_of=start, to_date=end, grouping_by="willingness", then_by="ability", **card.params
    )
    shares, texts = grades.grid(words, ctx.numbers, cells)
    levels = [words(f"level.{level}") for level in grades.LEVELS]
    figure = cell_grid(
        shares,
        texts,
        ctx.labels(
            grades.grid_finding(words, ctx.numbers, cells), x=words("column.ability"), y=words("column.willingness")
        ),
        rows=levels,
        columns=levels,
    )
    draw(ctx, figure, "sign_grid")
    st.caption(words("grades.signs_note", look=card.params["look_days"], paid=card.params["paid_percent"]))


def collateral(ctx: PageContext, card: Scorecard, facts: pl.DataFrame) -> None:
    """Secured overdue accounts whose valuation is old."""
    words = ctx.words
    st.subheader(words("grades.collateral"), anchor=False)
    late = grades.reviews_overdue(facts, card.collateral_days)
    if late.is_empty():
        empty(words("grades.no_reviews"))
    else:
        rows = late.select(
            "currency", "account_id", "product", "branch", "days_past_due", "balance", "collateral_cover", "valued_days"
        )
        draw_account_rows(
            ctx, rows, metric="reviews_overdue", title=words("grades.collateral"), amount="balance", expected=None
        )
    st.caption(words("grades.guarantors"))


def rows_behind(ctx: PageContext, scored: pl.DataFrame) -> None:
    """Accounts of one grade, with their points."""
    words = ctx.words
    st.subheader(words("grades.rows"), anchor=False)
    grades_present = ["all", *[grade for grade in ("high", "medium", "low") if grade in set(scored["grade"].to_list())]]
    grade = st.selectbox(
        words("column.grade"),
        grades_present,
        key="grade",
        format_func=lambda name: words("grades.all") if name == "all" else words(f"risk_grade.{name}"),
    )
    rows = scored if grade == "all" else scored.filter(pl.col("grade") == grade)
    title = words("grades.rows")
    draw_account_rows(
        ctx,
        rows.select(FACTS).sort("points", descending=True),
        metric="card_separation",
        title=title,
        amount="balance",
        expected=None,
    )
