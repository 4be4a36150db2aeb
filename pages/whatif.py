"""What-if: what would another cap, wait, hold or definition have meant, and what can a log not say?"""

import streamlit as st

from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.tiles import draw_tiles
from duewatch.ui.shell.frame import PageContext, open_page
from duewatch.ui.whatif import drill_down, experiments, form, frontier, model, run_off, saved
from duewatch.ui.whatif import scenarios as whatif
from duewatch.ui.whatif.sections import rows_behind, show_answers, show_refusals, show_side_by_side, stamp

ctx = open_page("whatif")
words = ctx.words
VIEWS = {name: f"whatif.view.{name}" for name in ("scenarios", "frontier", "run_off", "experiments", "saved")}


def beside_today(ctx: PageContext) -> None:
    """The active scenario's answer first, then all of them side by side, then what cannot be said."""
    scenario_answers = [whatif.answer_of(ctx, whatif.LETTERS[no], scenario) for no, scenario in enumerate(scenarios)]
    answer = scenario_answers[active]
    if answer.report is None:
        st.subheader(words("headline.whatif_refused"), anchor=False)
        empty(answer.refusal)
    else:
        st.subheader(whatif.headline(ctx, answer), anchor=False)
        draw_tiles(ctx, whatif.tiles(ctx, answer), drill_down.tile_rows(ctx, answer), columns=4)
    form.form(ctx, scenarios, active)
    show_side_by_side(ctx, scenario_answers)
    if answer.report is None:
        return
    show_answers(ctx, answer)
    show_refusals(ctx, answer)
    model.section(ctx, answer)
    rows_behind(ctx, answer)
    form.files(ctx.words, scenarios, active)
    stamp(ctx.words, answer)


scenarios = whatif.in_address(ctx.words)
view = whatif.pick_view(ctx.words, VIEWS)
active = form.pick(ctx, scenarios)
if view == "scenarios":
    beside_today(ctx)
else:
    st.subheader(words(f"whatif.{view}"), anchor=False)
if view == "frontier":
    frontier.section(ctx, scenarios, active)
elif view == "run_off":
    run_off.section(ctx, scenarios, active)
elif view == "experiments":
    experiments.section(ctx)
elif view == "saved":
    saved.section(ctx, scenarios, active)
