"""When accounts may be contacted next, asked of the rule packs for just the rows shown: with its progress the first
time, from the cache afterwards.

The key is made of scalars: the book, the day, the accounts and channels. They come from rows of a scope, so nobody is
answered about an account that they may not see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
import streamlit as st

from duewatch.books import Book
from duewatch.compliance.next_contact import COLUMNS, Way, next_contacts
from duewatch.compliance.packs import load_packs
from duewatch.settings import load_settings
from duewatch.ui.frame import Ctx

AT_ONCE = 250
"""Ways asked together: fewer tell more of the progress, more are quicker in all."""


def next_times(ctx: Ctx, ways: Sequence[Way], *, on_day: date, at_once: int = AT_ONCE) -> pl.DataFrame:
    """next_contacts of these ways (account and channel), in their order, with the rule's title and its reason in the
    reader's language as rule_title and reason_sentence."""
    parts = [ways[start : start + at_once] for start in range(0, len(ways), at_once)]
    place, found = st.empty(), [pl.DataFrame(schema=COLUMNS)]
    for number, part in enumerate(parts):
        told = ctx.words("clearing.asking", n=ctx.numbers.count(number * at_once), all=ctx.numbers.count(len(ways)))
        place.progress(number / len(parts), text=told)
        found.append(_asked(str(ctx.book.path), ctx.book.version, on_day, tuple(part), _book=ctx.book))
    place.empty()
    language = ctx.words.language
    return pl.concat(found).with_columns(
        pl.col(f"title_{language}").alias("rule_title"), pl.col(f"reason_{language}").alias("reason_sentence")
    )


@st.cache_data(max_entries=256, show_spinner=False)
def _asked(path: str, version: str, on_day: date, ways: tuple[Way, ...], *, _book: Book) -> pl.DataFrame:
    del path, version
    return next_contacts(_book, load_packs(), ways, on_day=on_day, settings=load_settings())


def shown_time(next_at: str | None) -> str | None:
    """2026-11-01 08:00, the debtor's wall time, from ISO 8601 with an offset."""
    return None if next_at is None else next_at[:16].replace("T", " ")
