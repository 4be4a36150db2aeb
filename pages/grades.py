"""Risk grades: do our grades, causes and classes tell which overdue accounts get worse?"""

import streamlit as st

from duewatch.compliance.scorecard import grade_accounts, load_scorecard, outcomes_by_group
from duewatch.reads import process as reads
from duewatch.ui.grades import drill_down, sections
from duewatch.ui.grades import summary as grades
from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.tiles import draw_tiles
from duewatch.ui.shell.frame import open_page

ctx = open_page("grades")
words, numbers = ctx.words, ctx.numbers
card = load_scorecard()
today = reads.overdue_facts(ctx.ask, as_of=ctx.as_of, to_date=ctx.as_of, **card.params)
start = ctx.previous
if start is None or today.is_empty():
    empty(words("guard.single_day", day=ctx.as_of) if start is None else words("guard.no_overdue", day=ctx.as_of))
    st.subheader(words("grades.none_yet"), anchor=False)
    st.stop()
facts = reads.overdue_facts(ctx.ask, as_of=start, to_date=ctx.as_of, **card.params)
scored = grade_accounts(facts, card, start)
own, by_card = outcomes_by_group(facts, "risk_grade"), outcomes_by_group(scored, "grade")
days = (numbers.day(start), numbers.day(ctx.as_of))
st.subheader(grades.headline(words, numbers, own, by_card, days), anchor=False)
draw_tiles(
    ctx,
    [
        grades.separation_tile(words, numbers, "grade_separation", own),
        grades.separation_tile(words, numbers, "card_separation", by_card),
        grades.share_tile(words, numbers, "graded_share", today, "risk_grade"),
        grades.share_tile(words, numbers, "cause_share", today, "delay_cause"),
        grades.share_tile(words, numbers, "willing_share", today, "willingness"),
        grades.review_tile(words, numbers, today, card.collateral_days),
    ],
    drill_down.tile_rows((facts, own), (scored, by_card), today, card.collateral_days),
)
sections.do_grades_separate(ctx, own, by_card)
sections.the_card(ctx, card, ctx.as_of)
sections.other_cuts(ctx, card, facts, start)
left, right = st.columns(2, gap="large")
with left:
    sections.classes(ctx, card, start, ctx.as_of)
with right:
    sections.signs(ctx, card, start, ctx.as_of)
sections.collateral(ctx, card, today)
sections.rows_behind(ctx, grade_accounts(today, card, ctx.as_of))
