"""Tables of the What-if page: scenarios side by side, one in full, what is refused, the contacts behind, the stamp."""

from __future__ import annotations

import streamlit as st

from duewatch.contract.i18n import Words
from duewatch.ui.parts.table import draw_table, draw_table_with_files, full_height
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.whatif import scenarios as whatif
from duewatch.ui.whatif.scenarios import ScenarioAnswer


def show_side_by_side(ctx: PageContext, scenario_answers: list[ScenarioAnswer]) -> None:
    """All scenarios beside today, where there is more than one."""
    if len(scenario_answers) < 2:
        return
    words = ctx.words
    st.markdown(f"**{words('whatif.side_by_side')}**")
    for answer in scenario_answers:
        st.caption(
            whatif.name_of(ctx.words, answer.letter, answer.scenario)
            + (f": {answer.refusal}" if answer.refusal else "")
        )
    table = whatif.side_by_side(ctx, scenario_answers)
    if table.is_empty():
        return
    letters = {answer.letter: answer.letter for answer in scenario_answers}
    draw_table(ctx, table, alt=words("whatif.side_by_side"), names=letters, height=full_height(table))
    st.caption(words("whatif.beside_note"))


def show_answers(ctx: PageContext, answer: ScenarioAnswer) -> None:
    words = ctx.words
    st.markdown(f"**{words('whatif.in_full', name=whatif.name_of(ctx.words, answer.letter, answer.scenario))}**")
    table = whatif.table(ctx, answer)
    draw_table(ctx, table, alt=words("whatif.in_full", name=answer.letter), height=full_height(table))
    st.caption(words("whatif.rungs"))


def show_refusals(ctx: PageContext, answer: ScenarioAnswer) -> None:
    """What a log cannot say, with the test that would answer it."""
    st.markdown(f"**{ctx.words('whatif.refused')}**")
    st.markdown(ctx.words("whatif.recovery_refused"))
    for sentence in whatif.refusals(ctx.words, answer.report.lines if answer.report else ()):
        st.markdown(f"- {sentence}")


def rows_behind(ctx: PageContext, answer: ScenarioAnswer) -> None:
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
    line = answer.line(measure)
    if line is None or line.rung == "refused":
        st.caption(words("guard.no_rows") if line is None else whatif.why(ctx.words, line))
        return
    rows = whatif.behind(ctx, answer, measure)
    if rows.height != line.scenario:
        st.error(words("guard.not_equal", rows=rows.height, number=whatif.value_text(ctx.numbers, line, line.scenario)))
    elif rows.is_empty():
        st.caption(words("guard.no_rows"))
    else:
        st.markdown(words("whatif.rows_total", n=ctx.numbers.count(rows.height)))
        draw_table_with_files(ctx, rows, metric=whatif.TILES[measure], title=words("whatif.rows"))


def stamp(words: Words, answer: ScenarioAnswer) -> None:
    """What the answer rests on: it is the same wherever these are."""
    assert answer.report is not None
    basis = answer.report.stamp
    packs = " · ".join(f"{name} {version}" for name, version in basis.packs)
    st.caption(
        words(
            "whatif.stamp",
            book=basis.book_version,
            sha=basis.book_sha256[:12],
            model=basis.model_changed_on,
            from_day=basis.first_day,
            to_day=basis.last_day,
            seed=basis.seed,
            packs=packs,
        )
    )
