"""Downloads: rows as CSV or Excel, with the definition, the day, the scope and the book they came from.

Text that a spreadsheet would run as a formula is made harmless; numbers, negative ones too, stay numbers. The file
name carries an id made from all that the content depends on, because Streamlit makes a download's address from a
sample of the bytes, so that two exports of one length could serve each other's content.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from decimal import Decimal

import polars as pl
import streamlit as st
import xlsxwriter

from duewatch.metrics import METRICS, PARTS
from duewatch.ui.frame import Ctx

RISKY = r"^\s*[=+\-@\t\r\n\x00\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}\x{FE66}\x{FE62}\x{FE63}\x{FE6B}\x{2212}]|^[\t\r\n]"
"""First characters that start a formula in a spreadsheet, full-width variants and leading blanks included."""
MIME = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
XLSX_ROWS = 1_048_000
"""What a sheet holds, less some for the header."""


@dataclass(frozen=True)
class Export:
    """Rows behind one number. `total`: their exact sum, None where there is none to tell."""

    frame: pl.DataFrame
    metric: str
    title: str
    total: Decimal | None = None


def offer(ctx: Ctx, export: Export) -> None:
    """Two buttons; the file is made only when one is pressed."""
    about = about_export(ctx, export)
    with st.container(horizontal=True):
        for kind, make in (("csv", as_csv), ("xlsx", as_xlsx)):
            if kind == "xlsx" and export.frame.height > XLSX_ROWS:
                continue
            name = file_name(ctx, export, kind)
            st.download_button(
                ctx.words(f"rows.{kind}"),
                data=lambda make=make: make(export.frame, about),  # type: ignore[misc]
                file_name=name,
                mime=MIME[kind],
                icon=":material/download:",
                key=name,
                on_click="ignore",
            )


def file_name(ctx: Ctx, export: Export, kind: str) -> str:
    """duewatch-<metric>-<day>-<id>.<kind>, the id unique to what the file holds."""
    told = repr((about_export(ctx, export), export.frame.columns, export.frame.height, ctx.scope.key, kind))
    digest = hashlib.sha256(told.encode()).hexdigest()[:10]
    day = f"-{ctx.picks.as_of.isoformat()}" if ctx.picks.as_of else ""
    return f"duewatch-{export.metric}{day}-{digest}.{kind}"


def about_export(ctx: Ctx, export: Export) -> list[tuple[str, str]]:
    """What a reader of the file must know, as (heading, text)."""
    words, metric = ctx.words, METRICS[export.metric]
    parts = [f"{words(f'definition.{part}')}: {words(f'metric.{metric.id}.{part}')}" for part in PARTS]
    told = [
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
        told.append(("export.total", f"{export.total} {ctx.currency}"))
    return [(words(key), text) for key, text in told]


def scope_in_words(ctx: Ctx) -> str:
    """The products, branches and currency that the rows are limited to."""
    picks = [
        f"{ctx.words(f'pick.{name}')}: {', '.join(values)}"
        for name, values in (("product", ctx.scope.products), ("branch", ctx.scope.branches))
        if values is not None
    ]
    return "; ".join([*picks, f"{ctx.words('pick.currency')}: {ctx.currency}"])


def as_csv(frame: pl.DataFrame, about: list[tuple[str, str]]) -> bytes:
    """UTF-8 with BOM (Excel reads Chinese), what must be known in front as lines that begin with #, then the rows."""
    head = "".join(f"# {heading}: {' '.join(text.split())}\n" for heading, text in about)
    return b"\xef\xbb\xbf" + head.encode() + harmless(frame).write_csv().encode()


def as_xlsx(frame: pl.DataFrame, about: list[tuple[str, str]]) -> bytes:
    """Two sheets: the rows, and what must be known of them."""
    stream = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, {**options, "in_memory": True}) as workbook:
        harmless(frame).write_excel(workbook, worksheet="rows", autofit=frame.height <= 5_000)
        facts = pl.DataFrame(about, schema=["about", "value"], orient="row")
        harmless(facts).write_excel(workbook, worksheet="about", autofit=True)
    return stream.getvalue()


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with an apostrophe before each text that a spreadsheet would run; numbers are left alone."""
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(RISKY)).then(pl.lit("'") + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name, kind in frame.schema.items()
        if kind == pl.String
    )
