"""The rows behind a number: printed with their exact total, which must equal the number, and downloadable."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st

from duewatch.ui.parts.code_labels import CODE_COLUMNS, with_code_labels
from duewatch.ui.shell.address import account_links
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext

HOME = ("product", "branch")
LINK = "open_account"
"""The column of links to the account's page."""
ROWS_SEEN = 10
"""More are reached by scrolling."""
MOST_DRAWN = 1000
"""Rows of a table that go to the browser; the files offered below it hold all."""
ABOVE = 6
"""Pixels above a table, with one more gap around them: a phone always shows the table's buttons there, which lay over
the line above."""
ROW_HEIGHT = 33
"""Pixels of a row, and of the header."""
LINK_WIDTH, DATE_WIDTH, SIGN_WIDTH, CELL_PADDING, WIDEST_WORDS = 70, 92, 7.0, 10, 240
"""Pixels: of the columns of links and of dates, of a letter, beside the text of a cell, and of words that
are given room for all."""


def draw_account_rows(
    ctx: PageContext,
    frame: pl.DataFrame,
    *,
    metric: str,
    title: str,
    amount: str,
    expected: Decimal | None,
    of: str = "accounts",
) -> None:
    """Accounts and the sum of their `amount` column. `expected`: the number that the rows explain; where they do not
    add up to it exactly, the page says so. `of`: what a row is, by its locale key."""
    if frame.is_empty():
        st.caption(ctx.words("guard.no_rows"))
        return
    total = total_of(frame, amount)
    exact = ctx.numbers.exact_money(total)
    if expected is not None and total != expected:
        st.error(ctx.words("guard.not_equal", rows=exact, number=ctx.numbers.exact_money(expected)))
    else:
        key = "rows.sum" if expected is None else "rows.total"
        of_what = ctx.words(f"rows.of_{of}", n=ctx.numbers.count(frame.height))
        st.markdown(ctx.words(key, of_what=of_what, total=exact))
    draw_table(ctx, frame.drop("currency", strict=False), alt=title)
    offer(ctx, Export(frame, metric=metric, title=title, total=total))


def draw_counted_rows(
    ctx: PageContext, frame: pl.DataFrame, *, metric: str, title: str, amount: str, expected: int, of: str = "accounts"
) -> None:
    """Rows that stand behind a count: where there are not exactly so many, the page says so."""
    if frame.height != expected:
        rows, number = ctx.numbers.count(frame.height), ctx.numbers.count(expected)
        st.error(ctx.words("guard.not_equal", rows=rows, number=number))
        return
    draw_account_rows(ctx, frame, metric=metric, title=title, amount=amount, expected=None, of=of)


def total_of(frame: pl.DataFrame, amount: str) -> Decimal:
    """The exact sum of a money column."""
    return Decimal(frame[amount].sum() or 0)


def draw_table(
    ctx: PageContext,
    frame: pl.DataFrame,
    *,
    alt: str,
    height: int | None = None,
    names: Mapping[str, str] | None = None,
) -> None:
    """A table in the reader's words: amounts with two decimals, shares in per cent. Beside each account's number stands
    a link to its page. `names`: headings of columns that the reader named (a scenario, a share); the locales have no
    words for them."""
    if frame.height > MOST_DRAWN:
        n, most = ctx.numbers.count(frame.height), ctx.numbers.count(MOST_DRAWN)
        st.caption(ctx.words("rows.first", most=most, n=n))
        frame = frame.head(MOST_DRAWN)
    percents = [pl.col(name) * 100 for name, kind in frame.schema.items() if kind.is_float()]
    table = with_code_labels(ctx.words, frame).with_columns(percents)
    own_headings = names or {}
    config: dict[str, Any] = {name: _column(ctx, name, table[name], own_headings.get(name)) for name in table.columns}
    if "account_id" in table.columns:
        table = _with_links(amount_first(home_last(table)))
        config[LINK] = st.column_config.LinkColumn(
            ctx.words(f"column.{LINK}"), display_text=ctx.words("account.open"), width=LINK_WIDTH
        )
    st.space(ABOVE)
    rows = min(frame.height, ROWS_SEEN) + 1
    st.dataframe(
        table, hide_index=True, column_config=config, alt=alt, placeholder="", height=height or rows * ROW_HEIGHT + 2
    )


def draw_table_with_files(ctx: PageContext, frame: pl.DataFrame, *, metric: str, title: str) -> None:
    """A table and, below it, the same rows as files."""
    draw_table(ctx, frame, alt=title)
    offer(ctx, Export(frame, metric=metric, title=title))


def two_decimals(frame: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """The frame with these rates as text: they are no shares, so a table must not write them in per cent."""
    return frame.with_columns(
        pl.Series(name, [None if value is None else f"{value:.2f}" for value in frame[name].to_list()], pl.String)
        for name in columns
    )


def home_last(table: pl.DataFrame) -> pl.DataFrame:
    """Moves product and branch to the end: a phone shows the first four or five columns."""
    home = [name for name in HOME if name in table.columns]
    return table.select(pl.exclude(home), *home)


def amount_first(table: pl.DataFrame) -> pl.DataFrame:
    """The first amount beside the account, so that a phone shows it without scrolling sideways."""
    amounts = [name for name, kind in table.schema.items() if isinstance(kind, pl.Decimal)]
    if not amounts:
        return table
    amount = table.get_column(amounts[0])
    return table.drop(amounts[0]).pipe(lambda rest: rest.insert_column(rest.get_column_index("account_id") + 1, amount))


def label_width(label: str, values: pl.Series) -> int | None:
    """Pixels for the longest word of a coded column, since the browser measures the first rows only. None where all
    words have one length, or are too long for a table."""
    lengths = [_length(str(word)) for word in values.drop_nulls().unique().to_list()]
    if not lengths or len(set(lengths)) == 1:
        return None
    width = round(max(*lengths, _length(label)) * SIGN_WIDTH) + 2 * CELL_PADDING
    return width if width <= WIDEST_WORDS else None


def _length(text: str) -> int:
    """In Latin letters; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def full_height(frame: pl.DataFrame) -> int:
    """Of a table in which every row is seen without scrolling: for tables of measures, not of accounts."""
    return (frame.height + 1) * ROW_HEIGHT + 2


def _with_links(table: pl.DataFrame) -> pl.DataFrame:
    links = account_links(table["account_id"].to_list())
    return table.insert_column(table.get_column_index("account_id") + 1, pl.Series(LINK, links, pl.String))


def _column(ctx: PageContext, name: str, values: pl.Series, own: str | None = None) -> object:
    kind, label = values.dtype, own or ctx.words(f"column.{name}")
    if isinstance(kind, pl.Decimal):
        return st.column_config.NumberColumn(label, format="%,.2f")
    if kind.is_float():
        return st.column_config.NumberColumn(label, format="%.2f%%")
    if kind.is_integer():
        return st.column_config.NumberColumn(label, format="%,d")
    if kind == pl.Date:
        return st.column_config.DateColumn(label, format="YYYY-MM-DD", width=DATE_WIDTH)
    return st.column_config.Column(label, width=label_width(label, values) if name in CODE_COLUMNS else None)


def draw_facts(ctx: PageContext) -> None:
    """What the book's manifest says of it: version, hash, exact control totals."""
    words, manifest = ctx.words, ctx.book.manifest
    st.subheader(words("health.facts"), anchor=False)
    facts = {
        words("export.version"): ctx.book.version,
        words("export.sha256"): ctx.book.sha256,
        words("health.code"): manifest.code_version,
        **dict(sorted(manifest.control_totals.items())),
    }
    table = pl.DataFrame({"fact": list(facts), "value": list(facts.values())})
    draw_table(ctx, table, alt=words("health.facts"))
    st.caption(words("health.facts_note"))
