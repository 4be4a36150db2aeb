"""Tables of the What-if page: scenarios side by side, one in full, what is refused, the contacts behind, the stamp."""

from __future__ import annotations

import streamlit as st

from duewatch.ui.parts.table import draw_table, full_height
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.whatif import scenarios as whatif
from duewatch.ui.whatif.scenarios import ScenarioAnswer


def compared(ctx: PageContext, all_told: list[ScenarioAnswer]) -> None:
    """All scenarios beside today, where there is more than one."""
    if len(all_told) < 2:
        return
    words = ctx.words
    st.markdown(f"**{words('whatif.side_by_side')}**")
    for one in all_told:
        st.caption(whatif.name_of(ctx, one.letter, one.scenario) + (f": {one.refusal}" if one.refusal else ""))
    table = whatif.side_by_side(ctx, all_told)
    if table.is_empty():
        return
    letters = {one.letter: one.letter for one in all_told}
    draw_table(ctx, table, alt=words("whatif.side_by_side"), names=letters, height=full_height(table))
    st.caption(words("whatif.beside_note"))


def answers(ctx: PageContext, one: ScenarioAnswer) -> None:
    words = ctx.words
    st.markdown(f"**{words('whatif.in_full', name=whatif.name_of(ctx, one.letter, one.scenario))}**")
    table = whatif.table(ctx, one)
    draw_table(ctx, table, alt=words("whatif.in_full", name=one.letter), height=full_height(table))
    st.caption(words("whatif.rungs"))


def refused(ctx: PageContext, one: ScenarioAnswer) -> None:
    """What a log cannot say, with the test that would answer it."""
    st.markdown(f"**{ctx.words('whatif.refused')}**")
    st.markdown(ctx.words("whatif.recovery_refused"))
    for sentence in whatif.refusals(ctx, one.report.lines if one.report else ()):
        st.markdown(f"- {sentence}")


def rows_behind(ctx: PageContext, one: ScenarioAnswer) -> None:
    """The contacts that one measure counts; as many as the number says."""
    words = ctx.words
    st.markdown(f"**{words('whatif.rows')}**")
    measure = st.segmented_control(
        words("whatif.rows_of"),
        whatif.ROWS,
        default=whatif.ROWS[0],
        required=True,
        key="rows_of",
        format_func=lambda name: words(f"measure.{name}"),
    )
    line = one.line(measure)
    if line is None or line.rung == "refused":
        st.caption(words("guard.no_rows") if line is None else whatif.why(ctx, line))
        return
    rows = whatif.behind(ctx, one, measure)
    if rows.height != line.scenario:
        st.error(words("guard.not_equal", rows=rows.height, number=whatif.written(ctx, line, line.scenario)))
    elif rows.is_empty():
        st.caption(words("guard.no_rows"))
    else:
        st.markdown(words("whatif.rows_total", n=ctx.numbers.count(rows.height)))
        draw_table(ctx, rows, alt=words("whatif.rows"))
        offer(ctx, Export(rows, metric=whatif.TILES[measure], title=words("whatif.rows")))


def stamp(ctx: PageContext, one: ScenarioAnswer) -> None:
    """What the answer rests on: it is the same wherever these are."""
    assert one.report is not None
    told = one.report.stamp
    packs = " · ".join(f"{name} {version}" for name, version in told.packs)
    st.caption(
        ctx.words(
            "whatif.stamp",
            book=told.book_version,
            sha=told.book_sha256[:12],
            model=told.model_changed_on,
            from_day=told.first_day,
            to_day=told.last_day,
            seed=told.seed,
            packs=packs,
        )
    )
