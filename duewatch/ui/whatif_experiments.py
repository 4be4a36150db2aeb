"""Experiments of the What-if page: what recorded random arms say, and how large and long a test must be."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import streamlit as st

from duewatch.charts.shares import Share, share_rows
from duewatch.reads import whatif as reads
from duewatch.ui.downloads import Export, offer
from duewatch.ui.figures import draw, empty
from duewatch.ui.frame import Ctx
from duewatch.ui.tiles import draw_definition
from duewatch.whatif.experiment import LEAST_WEEKS, Arm, ReadOut, needed_in_all, read_out, weeks_needed

WITHIN_DAYS, HISTORY_DAYS = 30, 366
LEAST = (0.01, 0.02, 0.03, 0.05)
"""Smallest differences worth finding, for the table of sizes."""
SPLITS = (0.02, 0.05, 0.1, 0.5)


def section(ctx: Ctx) -> None:
    words = ctx.words
    told, chosen = st.container(), st.container(horizontal=True)
    with chosen:
        given = st.number_input(
            words("whatif.within_days"), 7, 120, WITHIN_DAYS, key="within", help=words("whatif.within_help")
        )
    within = int(given)
    first = ctx.as_of - timedelta(days=HISTORY_DAYS)
    found = reads.arms(ctx.ask, from_date=first, to_date=ctx.as_of, within_days=within, as_of=ctx.as_of).sort(
        "n_accounts", descending=True
    )
    arms = [
        Arm(row["arm"], row["n_accounts"], row["n_paid"]) for row in found.iter_rows(named=True) if row["n_accounts"]
    ]
    if len(arms) < 2:
        with told:
            empty(words("whatif.no_arms"))
            st.markdown(words("whatif.recommend"))
        return
    for challenger in arms[1:]:
        with chosen:
            meant = _meant(ctx, arms[0], challenger)
        with told:
            _read(ctx, arms[0], challenger, within, meant)
    _picture(ctx, arms)
    with st.popover(words("tile.definition"), type="tertiary", icon=":material/info:", key="define_arms"):
        draw_definition(ctx, "arm_difference")
    offer(ctx, Export(found, metric="arm_difference", title=words("whatif.experiments")))
    _sizes(ctx, arms[0], sum(found["n_accounts"].to_list()), within)


def _meant(ctx: Ctx, champion: Arm, challenger: Arm) -> float:
    """The share that was meant for the challenger, 0-1."""
    given = st.number_input(
        ctx.words("whatif.meant_share", arm=_arm(ctx, challenger)), 0.1, 99.9, _nearest(champion, challenger) * 100,
        step=0.5, key=f"meant_{challenger.name}", help=ctx.words("whatif.meant_help"),
    )  # fmt: skip
    return float(given) / 100


def _read(ctx: Ctx, champion: Arm, challenger: Arm, within: int, meant: float) -> None:
    """The difference with its limits; void where the arms' sizes do not fit the split that was meant."""
    words, numbers = ctx.words, ctx.numbers
    found = read_out(champion, challenger, meant_share=meant)
    if not found.is_split_right:
        p = f"{found.p_split:.2g}"
        st.warning(words("whatif.split_wrong", p=p, share=numbers.percent(_share(champion, challenger))))
        return
    told = {
        "arm": _arm(ctx, challenger), "other": _arm(ctx, champion), "points": numbers.points(found.change.value),
        "low": numbers.points(found.change.low), "high": numbers.points(found.change.high), "days": within,
    }  # fmt: skip
    st.markdown(f"**{words('whatif.arm_found' if found.change.is_evident else 'whatif.arm_none', **told)}**")
    st.caption(_size_words(ctx, found))


def _size_words(ctx: Ctx, found: ReadOut) -> str:
    p = f"{found.p_split:.2g}"
    if found.is_large_enough:
        return ctx.words("whatif.large_enough", p=p)
    return ctx.words("whatif.too_small", p=p, n=ctx.numbers.count(found.n_wanted))


def _share(champion: Arm, challenger: Arm) -> float:
    return challenger.n / (champion.n + challenger.n)


def _nearest(champion: Arm, challenger: Arm) -> float:
    """The split most likely meant, in steps of half a percent: the log does not say it."""
    return max(0.005, round(_share(champion, challenger) * 200) / 200)


def _arm(ctx: Ctx, arm: Arm) -> str:
    return ctx.words(f"arm.{arm.name}") if ctx.words.has(f"arm.{arm.name}") else arm.name


def _picture(ctx: Ctx, arms: list[Arm]) -> None:
    points = []
    for arm in arms:
        told = arm.proportion
        points.append(Share(_arm(ctx, arm), told.share, told.low, told.high, arm.n, arm.name))
    figure = share_rows(
        points, finding=ctx.words("whatif.arms_finding"), axis=ctx.words("whatif.arms_axis"),
        percent=ctx.numbers.percent, is_dark=ctx.is_dark,
    )  # fmt: skip
    draw(ctx, figure, "arms")


def _sizes(ctx: Ctx, champion: Arm, n_in_a_year: int, within: int) -> None:
    """Accounts in all and whole weeks, by the smallest difference worth finding and the share held out."""
    words, numbers = ctx.words, ctx.numbers
    share = champion.n_outcome / champion.n
    rows = []
    for least in LEAST:
        row = {"least": numbers.points(least)}
        for split in SPLITS:
            n = needed_in_all(share, least, split)
            weeks = weeks_needed(n, n_in_a_year / (HISTORY_DAYS / 7), within)
            row[words("whatif.split", share=numbers.percent(split, digits=0))] = words(
                "whatif.size", n=numbers.count(n), weeks="—" if weeks is None else numbers.count(weeks)
            )
        rows.append(row)
    st.markdown(f"**{words('whatif.sizes')}**")
    table = pl.DataFrame(rows)
    st.dataframe(
        table, hide_index=True, alt=words("whatif.sizes"), placeholder="",
        column_config={"least": st.column_config.Column(words("column.least"))},
    )  # fmt: skip
    st.caption(words("whatif.sizes_note", share=numbers.percent(share), weeks=LEAST_WEEKS))
