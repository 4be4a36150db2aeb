"""Promises: are promises to pay kept, and what falls due next?"""

from datetime import timedelta
from decimal import Decimal

import streamlit as st

from duewatch.charts.due_calendar import due_calendar
from duewatch.charts.shares import share_line, share_rows
from duewatch.contract.settings import load_settings
from duewatch.metrics.decided_days import decided, promise_rules
from duewatch.reads import promises as reads
from duewatch.ui.parts.changes import week_finding
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.rate_mix_section import rate_and_mix
from duewatch.ui.parts.table import draw_account_rows
from duewatch.ui.parts.tiles import draw_tiles
from duewatch.ui.promises import drill_down
from duewatch.ui.promises import summary as promises
from duewatch.ui.shell.frame import PageContext, open_page

ctx = open_page("promises")
words, numbers = ctx.words, ctx.numbers
settings = load_settings()
window = decided(ctx.as_of, settings)
rules_at_day = {"as_of": ctx.as_of, **promise_rules()}
WEEKS = 13
DAYS_BACK, DAYS_AHEAD = 14, 21


def kept_over_weeks(ctx: PageContext) -> None:
    points = promises.week_points(weeks)
    st.subheader(words("promises.weeks"), anchor=False)
    if not points:
        empty(words("promises.nothing_matured"))
        return
    labels = ctx.labels(week_finding(words, numbers, "promises.week_title", points), y=words("promises.week_axis"))
    figure = share_line(points, labels, percent=numbers.percent)
    draw(ctx, figure, "weeks")
    st.caption(words("promises.week_note", grace=settings.promise_grace_days))


def calendar(ctx: PageContext) -> None:
    st.subheader(words("promises.calendar"), anchor=False)
    days = reads.due_calendar(
        ctx.ask,
        from_date=ctx.as_of - timedelta(days=DAYS_BACK),
        to_date=ctx.as_of + timedelta(days=DAYS_AHEAD),
        **rules_at_day,
    )
    if days.is_empty():
        empty(words("promises.calendar_title_none"))
        return
    names = {state: words(f"state.{state}") for state in promises.STATES} | {"as_of": words("pick.as_of")}
    figure = due_calendar(
        days,
        ctx.labels(
            promises.calendar_finding(words, numbers, days, ctx.as_of),
            y=words("promises.calendar_axis", currency=ctx.currency),
        ),
        as_of=ctx.as_of,
        text_of=numbers.money,
        names=names,
    )
    draw(ctx, figure, "calendar")


def with_and_without_reminder(ctx: PageContext) -> None:
    st.subheader(words("promises.reminders"), anchor=False)
    points = promises.reminder_points(words, reads.kept_by_reminder(ctx.ask, **long_span))
    if not points:
        empty(words("promises.nothing_matured"))
        return
    labels = ctx.labels(promises.reminder_finding(words, numbers, points), x=words("promises.week_axis"))
    figure = share_rows(points, labels, percent=numbers.percent)
    draw(ctx, figure, "reminders")
    st.caption(words("promises.reminder_note"))


def rows_behind(ctx: PageContext) -> None:
    st.subheader(words("promises.rows"), anchor=False)
    span = st.segmented_control(
        words("promises.rows_span"),
        ["decided", "ahead"],
        default="decided",
        required=True,
        key="span",
        format_func=lambda name: words(f"promises.span_{name}"),
    )
    by_state, days = (states, decided_days) if span == "decided" else (ahead, days_ahead)
    options = ["all", *by_state["state"].to_list()]
    state = st.selectbox(
        words("column.state"),
        options,
        key=f"state_{span}",
        format_func=lambda name: words("promises.all_states") if name == "all" else words(f"state.{name}"),
    )
    rows = reads.promises_in_state(ctx.ask, state=state, **days)
    total = by_state["promised"].sum() if state == "all" else promises.state_row(by_state, state)["promised"]
    title = words("promises.rows")
    draw_account_rows(
        ctx, rows, metric="promise_states", title=title, amount="promised", expected=Decimal(total or 0), of="promises"
    )


decided_days = {"from_date": window.start, "to_date": window.end, **rules_at_day}
days_before = {"from_date": window.before.start, "to_date": window.before.end, **rules_at_day}
days_ahead = {"from_date": window.end + timedelta(days=1), "to_date": ctx.as_of + timedelta(days=366), **rules_at_day}
long_span = {"from_date": window.end - timedelta(days=7 * WEEKS + 6), "to_date": window.end, **rules_at_day}
current, before = reads.kept_ratio(ctx.ask, **decided_days), reads.kept_ratio(ctx.ask, **days_before)
states, ahead = reads.promise_states(ctx.ask, **decided_days), reads.promise_states(ctx.ask, **days_ahead)
weeks = reads.kept_by_week(ctx.ask, **long_span)
st.subheader(promises.headline(words, numbers, current, before, window), anchor=False)
answers = promises.DueAnswers(current, before, states, ahead)
trend = [point.share for point in promises.week_points(weeks)]
opens = drill_down.tile_rows(ctx, current, (states, decided_days), (ahead, days_ahead))
draw_tiles(ctx, promises.tiles(words, numbers, answers, window, trend), opens, columns=4)
left, right = st.columns(2, gap="large")
with left:
    kept_over_weeks(ctx)
with right:
    calendar(ctx)
with_and_without_reminder(ctx)
rate_and_mix(ctx, ("kept_ratio",))
rows_behind(ctx)
