"""Experiments of the What-if page: what recorded random arms say, and how large and long a test must be."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import streamlit as st

from duewatch.charts.shares import Share, share_rows
from duewatch.contract.i18n import Words
from duewatch.ui.parts.code_labels import code_text
from duewatch.ui.parts.definition import definition_button
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.numbers import DASH
from duewatch.ui.parts.table import draw_table
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext
from duewatch.whatif import arms
from duewatch.whatif.experiment import LEAST_WEEKS, Arm, ReadOut


def section(ctx: PageContext) -> None:
    words = ctx.words
    results, inputs = st.container(), st.container(horizontal=True)
    with inputs:
        n_days = st.number_input(
            words("whatif.within_days"), 7, 120, arms.WITHIN_DAYS, key="within", help=words("whatif.within_help")
        )
    within_days = int(n_days)
    recorded = arms.recorded_arms(ctx.ask, ctx.as_of, ctx.currency, within_days)
    if len(recorded.arms) < 2:
        with results:
            empty(words("whatif.no_arms"))
            st.markdown(words("whatif.recommend"))
        return
    champion, *challengers = recorded.arms
    with inputs:
        intended_shares = {arm.name: _pick_intended_share(ctx.words, champion, arm) for arm in challengers}
    with results:
        for challenger, _, read_out in arms.read_outs(recorded, intended_shares):
            _show_read_out(ctx, champion, challenger, within_days, read_out)
    _picture(ctx, recorded.arms)
    definition_button(ctx, "arm_difference")
    offer(ctx, Export(recorded.frame, metric="arm_difference", title=words("whatif.experiments")))
    _sizes(ctx, recorded)


def _pick_intended_share(words: Words, champion: Arm, challenger: Arm) -> float:
    """The share that was meant for the challenger, 0-1."""
    nearest_split = arms.nearest_split(champion, challenger) * 100
    per_cent = st.number_input(
        words("whatif.meant_share", arm=code_text(words, challenger.name, "arm")),
        0.1,
        99.9,
        nearest_split,
        step=0.5,
        key=f"meant_{challenger.name}",
        help=words("whatif.meant_help"),
    )
    return float(per_cent) / 100


def _show_read_out(ctx: PageContext, champion: Arm, challenger: Arm, within_days: int, read_out: ReadOut) -> None:
    """The difference with its limits; void where the arms' sizes do not fit the split that was meant."""
    words, numbers = ctx.words, ctx.numbers
    if not read_out.is_split_right:
        p = f"{read_out.p_split:.2g}"
        st.warning(words("whatif.split_wrong", p=p, share=numbers.percent(_share(champion, challenger))))
        return
    values = {
        "arm": code_text(ctx.words, challenger.name, "arm"),
        "other": code_text(ctx.words, champion.name, "arm"),
        "points": numbers.points(read_out.change.value),
        "low": numbers.points(read_out.change.low),
        "high": numbers.points(read_out.change.high),
        "days": within_days,
    }
    st.markdown(f"**{words('whatif.arm_found' if read_out.change.is_evident else 'whatif.arm_none', **values)}**")
    st.caption(_size_words(ctx, read_out))


def _size_words(ctx: PageContext, read_out: ReadOut) -> str:
    p = f"{read_out.p_split:.2g}"
    if read_out.is_large_enough:
        return ctx.words("whatif.large_enough", p=p)
    return ctx.words("whatif.too_small", p=p, n=ctx.numbers.count(read_out.n_wanted))


def _share(champion: Arm, challenger: Arm) -> float:
    return challenger.n / (champion.n + challenger.n)


def _picture(ctx: PageContext, recorded_arms: Sequence[Arm]) -> None:
    points = []
    for arm in recorded_arms:
        paid = arm.proportion
        points.append(Share(code_text(ctx.words, arm.name, "arm"), paid.share, paid.low, paid.high, arm.n, arm.name))
    labels = ctx.labels(ctx.words("whatif.arms_finding"), x=ctx.words("whatif.arms_axis"))
    figure = share_rows(points, labels, percent=ctx.numbers.percent)
    draw(ctx, figure, "arms")


def _sizes(ctx: PageContext, recorded: arms.RecordedArms) -> None:
    """Accounts and weeks that a test needs, by the smallest difference worth finding and by the share held out."""
    words, numbers = ctx.words, ctx.numbers
    champion = recorded.arms[0]
    rows: dict[float, dict[str, str]] = {}
    for size in arms.sizes(recorded):
        weeks = DASH if size.weeks is None else numbers.count(size.weeks)
        row = rows.setdefault(size.least, {"least": numbers.points(size.least)})
        row[f"split_{size.split:g}"] = words("whatif.size", n=numbers.count(size.n), weeks=weeks)
    names = {f"split_{split:g}": words("whatif.split", share=numbers.percent(split, digits=0)) for split in arms.SPLITS}
    st.markdown(f"**{words('whatif.sizes')}**")
    draw_table(ctx, pl.DataFrame(list(rows.values())), alt=words("whatif.sizes"), names=names)
    share = champion.n_outcome / champion.n
    st.caption(words("whatif.sizes_note", share=numbers.percent(share), weeks=LEAST_WEEKS))
