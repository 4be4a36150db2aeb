"""What the book before said of the same day: a section of Data health."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import streamlit as st

from duewatch.books.published import Book, earlier_version, published_book
from duewatch.contract.errors import BookError
from duewatch.contract.localised_errors import localised_sentence
from duewatch.contract.settings import books_dir
from duewatch.engines import Ask
from duewatch.metrics.restatement import by_reason, restated_accounts
from duewatch.reads import portfolio
from duewatch.ui.parts.definition import definition_button
from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.table import draw_account_rows, draw_table
from duewatch.ui.shell.book_service import ask_of
from duewatch.ui.shell.frame import PageContext


def draw_restatement(ctx: PageContext) -> None:
    """By reason and account by account, for the as-of day; one sentence where there is nothing to compare with."""
    day = ctx.picks.as_of
    if day is None:
        return
    st.subheader(ctx.words("restatement.title"), anchor=False)
    before = _before(ctx)
    if before is None:
        return
    ask = ask_of(before, ctx.scope)
    if day not in portfolio.snapshot_days(ask)["as_of"].to_list():
        empty(ctx.words("restatement.not_there", version=before.version, day=day))
        return
    _draw(ctx, ask, before, day)


def _before(ctx: PageContext) -> Book | None:
    """The book published before the one in service; None where it cannot be read, and the page says why."""
    version = earlier_version(books_dir(), ctx.book.version)
    if version is None:
        empty(ctx.words("restatement.alone"))
        return None
    try:
        return published_book(books_dir(), version)
    except BookError as error:
        empty(ctx.words("restatement.refused", reason=localised_sentence(ctx.words, error)))
        return None


def _draw(ctx: PageContext, ask: Ask, before: Book, day: date) -> None:
    words, numbers = ctx.words, ctx.numbers
    rows = restated_accounts(ctx.ask, ask, as_of=day)
    if rows.is_empty():
        st.caption(words("restatement.none", version=before.version, day=day))
        return
    overdue_before, overdue_after = (_overdue(book_ask, day) for book_ask in (ask, ctx.ask))
    st.markdown(
        words(
            "restatement.told",
            version=before.version,
            n=numbers.count(rows.height),
            day=numbers.day(day),
            before=numbers.exact_money(overdue_before),
            after=numbers.exact_money(overdue_after),
            change=numbers.money(overdue_after - overdue_before, signed=True),
        )
    )
    draw_table(ctx, by_reason(rows).drop("currency"), alt=words("restatement.title"))
    definition_button(ctx, "restatement")
    title = words("restatement.rows")
    st.markdown(f"**{title}**")
    draw_account_rows(
        ctx, rows, metric="restatement", title=title, amount="change", expected=overdue_after - overdue_before
    )
    st.caption(words("restatement.note"))


def _overdue(ask: Ask, day: date) -> Decimal:
    """The overdue balance of the one currency of the scope, by the query behind the Overview's tile."""
    totals: pl.DataFrame = portfolio.book_totals(ask, as_of=day)
    return Decimal(0) if totals.is_empty() else Decimal(totals["overdue_balance"][0])
