"""An answer as bytes: CSV, JSON or Parquet, amounts exact in each."""

from __future__ import annotations

import io
import json
import sys
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from duewatch.contract.errors import DuewatchError
from duewatch.contract.spreadsheet_safety import harmless

FORMATS = ("csv", "json", "parquet")


def as_bytes(frame: pl.DataFrame, file_format: str) -> bytes:
    """The frame in one of FORMATS; UTF-8, dates ISO 8601, amounts with all their decimals, empty for null. In CSV a
    text that a spreadsheet would run has an apostrophe in front."""
    if file_format == "csv":
        return harmless(_flat(frame)).write_csv().encode()
    if file_format == "json":
        return _json(frame).encode()
    if file_format == "parquet":
        stream = io.BytesIO()
        frame.write_parquet(stream)
        return stream.getvalue()
    raise DuewatchError(f"there is no format '{file_format}'", next_step=f"use {', '.join(FORMATS)}")


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists as text, their items separated by |, as in the source files."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    return frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join("|") for name in lists)


def write_output(content: bytes, out: Path | None) -> None:
    """To the file, or to stdout where none is named. Raises DuewatchError where it cannot be written."""
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise DuewatchError(
            f"cannot be written: {error.strerror}", where=str(out), next_step="choose another --out"
        ) from None


def _json(frame: pl.DataFrame) -> str:
    rows = [{name: _plain(value) for name, value in row.items()} for row in frame.iter_rows(named=True)]
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"


def _plain(value: Any) -> Any:
    """A value JSON knows. An amount becomes text, because a JSON number is read as binary floating point."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime | time) else value
