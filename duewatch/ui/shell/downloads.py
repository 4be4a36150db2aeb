"""Downloads: rows as CSV or Excel, with the definition, the day, the scope and the book they came from.

CSV is for programs and has the names of the queries; Excel is for people and has their words.
`duewatch/contract/spreadsheet_safety.py` writes the files, so that no text runs as a formula. The file name holds a
hash of all that the content depends on: Streamlit makes a download's address from a sample of the bytes, and two
exports of one length could get each other's content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

import polars as pl
import streamlit as st

from duewatch.contract.i18n import Words
from duewatch.contract.spreadsheet_safety import MIME, XLSX_ROWS, About, as_csv, as_xlsx
from duewatch.metrics.definitions import PARTS
from duewatch.metrics.registry import METRICS
from duewatch.ui.parts.code_labels import headings, with_code_labels
from duewatch.ui.shell.frame import PageContext


@dataclass(frozen=True)
class Export:
    """Rows behind one number."""

    frame: pl.DataFrame
    metric: str
    title: str
    total: Decimal | None = None
    """Their exact sum; None where there is none to tell."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Headings, in Excel, of columns that the reader named (a scenario)."""


def offer(ctx: PageContext, export: Export) -> None:
    """Two buttons; the file is made only when one is pressed."""
    about = about_export(ctx, export)
    with st.container(horizontal=True):
        for kind in ("csv", "xlsx"):
            if kind == "xlsx" and export.frame.height > XLSX_ROWS:
                continue
            name = file_name(ctx, export, kind)
            st.download_button(
                ctx.words(f"rows.{kind}"),
                data=partial(_content, kind, ctx.words, export, about),
                file_name=name,
                mime=MIME[kind],
                icon=":material/download:",
                key=name,
                on_click="ignore",
            )


def _content(kind: str, words: Words, export: Export, about: About) -> bytes:
    """CSV keeps the columns and codes of the query, in either language; Excel has headings and codes in words."""
    frame = export.frame
    if kind == "csv":
        return as_csv(frame, about)
    return as_xlsx(with_code_labels(words, frame).rename(headings(words, frame.columns, export.names)), about)


def file_name(ctx: PageContext, export: Export, kind: str) -> str:
    """duewatch-<metric>-<day>-<id>.<kind>, the id unique to what the file holds."""
    content = repr((about_export(ctx, export), export.frame.columns, export.frame.height, ctx.scope.key, kind))
    digest = hashlib.sha256(content.encode()).hexdigest()[:10]
    day = f"-{ctx.picks.as_of.isoformat()}" if ctx.picks.as_of else ""
    return f"duewatch-{export.metric}{day}-{digest}.{kind}"


def about_export(ctx: PageContext, export: Export) -> list[tuple[str, str]]:
    """What a reader of the file must know, as (heading, text)."""
    words, metric = ctx.words, METRICS[export.metric]
    parts = [f"{words(f'definition.{part}')}: {words(f'metric.{metric.id}.{part}')}" for part in PARTS]
    lines = [
        ("export.title", export.title),
        ("export.metric", f"{words(f'metric.{metric.id}.name')} (queries/{metric.query}.sql)"),
        ("export.definition", " | ".join(parts)),
        ("export.as_of", ctx.picks.as_of.isoformat() if ctx.picks.as_of else "—"),
        ("export.previous", ctx.previous.isoformat() if ctx.picks.as_of and ctx.previous else "—"),
        ("export.scope", scope_in_words(ctx)),
        ("export.version", ctx.book.version),
        ("export.sha256", ctx.book.sha256),
        ("export.n_rows", str(export.frame.height)),
    ]
    if export.total is not None:
        lines.append(("export.total", f"{export.total} {ctx.currency}"))
    return [(words(key), text) for key, text in lines]


def scope_in_words(ctx: PageContext) -> str:
    """The products, branches, currency and knowledge that the rows are limited to."""
    words = ctx.words
    picks = [
        words("export.scope_part", name=words(f"pick.{name}"), values=words("export.scope_comma").join(values))
        for name, values in (("product", ctx.scope.products), ("branch", ctx.scope.branches))
        if values is not None
    ]
    picks.append(words("export.scope_part", name=words("pick.currency"), values=ctx.currency))
    if ctx.scope.known_on is not None:
        picks.append(words("export.known_on", day=ctx.scope.known_on.isoformat()))
    return words("export.scope_and").join(picks)
