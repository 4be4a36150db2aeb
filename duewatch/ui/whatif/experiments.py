"""Experiments of the What-if page: what recorded random arms say, and how large and long a test must be."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import streamlit as st

from duewatch.charts.shares import Share, share_rows
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.numbers import DASH
from duewatch.ui.parts.table import draw_table
from duewatch.ui.parts.tiles import draw_definition
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext
from duewatch.whatif import arms
from duewatch.whatif.experiment import LEAST_WEEKS, Arm, ReadOut


def section(ctx: PageContext) -> None:
    words = ctx.words
    told, chosen = st.container(), st.container(horizontal=True)
    with chosen:
        given = st.number_input(
            words("whatif.within_days"), 7, 120, arms.WITHIN_DAYS, key="within", help=words("whatif.within_help")
        )
    within = int(given)
    known = arms.recorded(ctx.ask, ctx.as_of, ctx.currency, within)
    if len(known.arms) < 2:
        with told:
            empty(words("whatif.no_arms"))
            st.markdown(words("whatif.recommend"))
        return
    champion, *others = known.arms
    with chosen:
        meant = {each.name: _meant(ctx, champion, each) for each in others}
    with told:
        for challenger, _, found in arms.read_outs(known, meant):
            _read(ctx, champion, challenger, within, found)
    _picture(ctx, known.arms)
    with st.popover(words("tile.definition"), type="tertiary", icon=":material/info:", key="define_arms"):
        draw_definition(ctx, "arm_difference")
    offer(ctx, Export(known.frame, metric="arm_difference", title=words("whatif.experiments")))
    _sizes(ctx, known)


def _meant(ctx: PageContext, champion: Arm, challenger: Arm) -> float:
    """The share that was meant for the challenger, 0-1."""
    nearest = arms.nearest_split(champion, challenger) * 100
    given = st.number_input(
        ctx.words("whatif.meant_share", arm=_arm(ctx, challenger)),
        0.1,
        99.9,
        nearest,
        step=0.5,
        key=f"meant_{challenger.name}",
        help=ctx.words("whatif.meant_help"),
    )
    return float(given) / 100


def _read(ctx: PageContext, champion: Arm, challenger: Arm, within: int, found: ReadOut) -> None:
    """The difference with its limits; void where the arms' sizes do not fit the split that was meant."""
    words, numbers = ctx.words, ctx.numbers
    if not found.is_split_right:
        p = f"{found.p_split:.2g}"
        st.warning(words("whatif.split_wrong", p=p, share=numbers.percent(_share(champion, challenger))))
        return
    told = {
        "arm": _arm(ctx, challenger),
        "other": _arm(ctx, champion),
        "points": numbers.points(found.change.value),
        "low": numbers.points(found.change.low),
        "high": numbers.points(found.change.high),
        "days": within,
    }
    st.markdown(f"**{words('whatif.arm_found' if found.change.is_evident else 'whatif.arm_none', **told)}**")
    st.caption(_size_words(ctx, found))


def _size_words(ctx: PageContext, found: ReadOut) -> str:
    p = f"{found.p_split:.2g}"
    if found.is_large_enough:
        return ctx.words("whatif.large_enough", p=p)
    return ctx.words("whatif.too_small", p=p, n=ctx.numbers.count(found.n_wanted))


def _share(champion: Arm, challenger: Arm) -> float:
    return challenger.n / (champion.n + challenger.n)


def _arm(ctx: PageContext, arm: Arm) -> str:
    return ctx.words(f"arm.{arm.name}") if ctx.words.has(f"arm.{arm.name}") else arm.name


def _picture(ctx: PageContext, known: Sequence[Arm]) -> None:
    points = []
    for arm in known:
        told = arm.proportion
        points.append(Share(_arm(ctx, arm), told.share, told.low, told.high, arm.n, arm.name))
    figure = share_rows(
        points,
        finding=ctx.words("whatif.arms_finding"),
        axis=ctx.words("whatif.arms_axis"),
        percent=ctx.numbers.percent,
        is_dark=ctx.is_dark,
    )
    draw(ctx, figure, "arms")


def _sizes(ctx: PageContext, known: arms.Recorded) -> None:
    """Accounts in all and whole weeks, by the smallest difference worth finding and the share held out."""
    words, numbers = ctx.words, ctx.numbers
    champion = known.arms[0]
    rows: dict[float, dict[str, str]] = {}
    for each in arms.sizes(known):
        weeks = DASH if each.weeks is None else numbers.count(each.weeks)
        row = rows.setdefault(each.least, {"least": numbers.points(each.least)})
        row[f"split_{each.split:g}"] = words("whatif.size", n=numbers.count(each.n), weeks=weeks)
    names = {f"split_{split:g}": words("whatif.split", share=numbers.percent(split, digits=0)) for split in arms.SPLITS}
    st.markdown(f"**{words('whatif.sizes')}**")
    draw_table(ctx, pl.DataFrame(list(rows.values())), alt=words("whatif.sizes"), names=names)
    share = champion.n_outcome / champion.n
    st.caption(words("whatif.sizes_note", share=numbers.percent(share), weeks=LEAST_WEEKS))
