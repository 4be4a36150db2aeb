"""When accounts may be contacted next by the rule packs, worked out for the rows that are shown and then cached by
book, day, account and channel.

The accounts come from rows of a scope, so nobody gets an answer about an account that they may not see.
"""

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
CachedTimes = dict[Way, tuple[object, ...]]
"""Answers (COLUMNS) of one book and day."""


def next_times(ctx: PageContext, account_channels: Sequence[Way], *, on_day: date) -> pl.DataFrame:
    """next_contacts of accounts and channels, in their order, with rule_title and reason_sentence in the reader's
    language."""
    cached = _cached(str(ctx.book.path), ctx.book.version, on_day)
    _ask_missing(ctx, cached, [pair for pair in dict.fromkeys(account_channels) if pair not in cached], on_day)
    language = ctx.words.language
    return pl.DataFrame([cached[pair] for pair in account_channels], COLUMNS, orient="row").with_columns(
        pl.col(f"title_{language}").alias("rule_title"), pl.col(f"reason_{language}").alias("reason_sentence")
    )


def _ask_missing(ctx: PageContext, cached: CachedTimes, missing: Sequence[Way], on_day: date) -> None:
    if not missing:
        return
    slot = st.empty()
    sentence = ctx.words("clearing.asking", n=ctx.numbers.count(len(missing)))

    def show_progress(share: float) -> None:
        slot.progress(share, text=sentence)

    show_progress(0)
    answered = next_contacts(
        ctx.book, load_packs(), missing, on_day=on_day, settings=load_settings(), progress=show_progress
    )
    cached.update(zip(missing, answered.iter_rows(), strict=True))
    slot.empty()


@st.cache_resource(max_entries=BOOKS_AND_DAYS, show_spinner=False)
def _cached(path: str, version: str, on_day: date) -> CachedTimes:
    del path, version, on_day  # they are the key
    return {}


def wall_time(next_at: str | None) -> str | None:
    """2026-11-01 08:00, the debtor's wall time, from ISO 8601 with an offset."""
    return None if next_at is None else next_at[:16].replace("T", " ")
