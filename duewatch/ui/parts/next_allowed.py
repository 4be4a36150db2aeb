"""When accounts may be contacted next, asked of the rule packs for just the rows shown: with its progress the first
time, from what is known afterwards.

What is known is kept by book, day, account and channel, never by frame. Accounts are looked up by rows of a scope, so
nobody is answered about an account that they may not see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
import streamlit as st

from duewatch.compliance.next_allowed_contact import COLUMNS, Way, next_contacts
from duewatch.compliance.packs import load_packs
from duewatch.contract.settings import load_settings
from duewatch.ui.shell.frame import PageContext

BOOKS_AND_DAYS = 4
"""Whose answers are kept."""
Known = dict[Way, tuple[object, ...]]
"""Answers (COLUMNS) of one book and day."""


def next_times(ctx: PageContext, ways: Sequence[Way], *, on_day: date) -> pl.DataFrame:
    """next_contacts of these ways (account and channel), in their order, with the rule's title and its reason in the
    reader's language as rule_title and reason_sentence."""
    known = _known(str(ctx.book.path), ctx.book.version, on_day)
    _ask_missing(ctx, known, [way for way in dict.fromkeys(ways) if way not in known], on_day)
    language = ctx.words.language
    return pl.DataFrame([known[way] for way in ways], COLUMNS, orient="row").with_columns(
        pl.col(f"title_{language}").alias("rule_title"), pl.col(f"reason_{language}").alias("reason_sentence")
    )


def _ask_missing(ctx: PageContext, known: Known, missing: Sequence[Way], on_day: date) -> None:
    if not missing:
        return
    place = st.empty()
    told = ctx.words("clearing.asking", n=ctx.numbers.count(len(missing)))

    def tell(share: float) -> None:
        place.progress(share, text=told)

    tell(0)
    found = next_contacts(ctx.book, load_packs(), missing, on_day=on_day, settings=load_settings(), progress=tell)
    known.update(zip(missing, found.iter_rows(), strict=True))
    place.empty()


@st.cache_resource(max_entries=BOOKS_AND_DAYS, show_spinner=False)
def _known(path: str, version: str, on_day: date) -> Known:
    del path, version, on_day  # they are the key
    return {}


def shown_time(next_at: str | None) -> str | None:
    """2026-11-01 08:00, the debtor's wall time, from ISO 8601 with an offset."""
    return None if next_at is None else next_at[:16].replace("T", " ")
