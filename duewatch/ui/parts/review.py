"""The desk beside a finding: what was decided about it so far, and a form for the next decision."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

import polars as pl
import streamlit as st

from duewatch.contract.errors import DeskError
from duewatch.contract.i18n import Words
from duewatch.contract.localised_errors import localised_sentence
from duewatch.contract.settings import books_dir, load_settings
from duewatch.desk import Desk, Review, desk_url
from duewatch.desk.reviews import STATES
from duewatch.ui.parts.drill_down import DrillDown
from duewatch.ui.parts.numbers import DASH
from duewatch.ui.parts.table import draw_table
from duewatch.ui.parts.tiles import Tile
from duewatch.ui.shell.access import person
from duewatch.ui.shell.frame import PageContext


def review(ctx: PageContext, finding_key: str) -> None:
    """Decisions about one finding, and the form. A desk that does not answer takes nothing else from the page."""
    words = ctx.words
    st.subheader(words("review.title"), anchor=False)
    try:
        desk = desk_here()
        decisions = desk.history(finding_key)
    except DeskError as error:
        st.warning(localised_sentence(ctx.words, error), icon=":material/warning:")
        return
    if decisions.is_empty():
        st.caption(words("review.none"))
    else:
        last = decisions.row(-1, named=True)
        st.markdown(
            words(
                "review.last",
                state=words(f"review.{last['state']}"),
                by=last["made_by"],
                at=f"{last['made_at']:%Y-%m-%d %H:%M}",
            )
        )
        table = decisions.drop("review_id", "finding_key")
        draw_table(
            ctx,
            table.with_columns(decisions["state"].replace_strict({s: words(f"review.{s}") for s in STATES})),
            alt=words("review.title"),
        )
    _form(ctx.words, desk, finding_key, decisions.height)


LISTED = (
    "local_date",
    "account_id",
    "contact_id",
    "debtor_id",
    "rule_id",
    "modality",
    "reason",
    "channel",
    "collector_id",
    "team",
    "cite",
)
"""Columns of a finding that a list of them needs."""
CLOSED = ("exempt", "remediated")
"""Decisions after which nothing more is to be done about a finding."""


def review_tile(ctx: PageContext, breaches: pl.DataFrame, on_day: date) -> tuple[Tile, DrillDown]:
    """Breaches (finding_rows) that are not closed on the desk; a dash with the reason where the desk does not
    answer."""
    try:
        latest = desk_here().latest()
    except DeskError as error:
        return Tile("open_reviews", DASH, note=localised_sentence(ctx.words, error)), DrillDown(breaches.clear, None)
    decided = breaches.select("finding_key").join(latest, on="finding_key", how="inner")
    still_open = decided.filter(~pl.col("state").is_in(CLOSED))
    n_open = breaches.height - decided.height + still_open.height
    late = still_open.filter(pl.col("due_on") < on_day).height
    note = ctx.words(
        "review.tile",
        none=ctx.numbers.count(breaches.height - decided.height),
        open=ctx.numbers.count(still_open.height),
        late=ctx.numbers.count(late),
    )
    closed = decided.filter(pl.col("state").is_in(CLOSED)).select("finding_key")
    behind = DrillDown(lambda: breaches.join(closed, on="finding_key", how="anti").select(LISTED), n_open)
    return Tile("open_reviews", ctx.numbers.count(n_open), note=note), behind


def desk_here() -> Desk:
    """The desk of the books in service. Raises DeskError."""
    return _desk(desk_url(load_settings(), books_dir()))


@lru_cache(maxsize=4)
def _desk(url: str) -> Desk:
    return Desk(url)


def _form(words: Words, desk: Desk, finding_key: str, seen: int) -> None:
    # the number of decisions is in the key: after one is kept, the form is empty again
    with st.form(f"review-{finding_key}-{seen}", border=True):
        state = st.segmented_control(
            words("review.state"), STATES, format_func=lambda name: words(f"review.{name}"), default=STATES[0]
        )
        reason = st.text_area(words("review.reason"), max_chars=2000)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            owner = st.text_input(words("review.owner"), max_chars=200)
            due_on = st.date_input(words("review.due"), value=None, format="YYYY-MM-DD")
        is_sent = st.form_submit_button(words("review.keep"), icon=":material/gavel:")
    if not is_sent:
        return
    if not state or not reason.strip():
        st.error(words("review.incomplete"), icon=":material/error:")
        return
    made_at = datetime.now(UTC).replace(tzinfo=None)
    try:
        desk.mark(Review(finding_key, state, reason, person(), made_at, owner, due_on, seen))
    except DeskError as error:
        st.error(localised_sentence(words, error), icon=":material/error:")
        return
    st.rerun()
