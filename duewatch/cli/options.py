"""Options that several commands share: folder of books, days, format and file of the result."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from duewatch.contract.file_formats import FORMATS


class _Day(click.DateTime):
    name = "day"

    def __init__(self) -> None:
        super().__init__(formats=["%Y-%m-%d"])

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        del param, ctx
        return "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"'{value}' is no day of the calendar; write it as 2026-10-31", param, ctx)


DAY: click.ParamType[datetime] = _Day()

FILE = click.Path(path_type=Path)
BOOKS = click.option(
    "--books", type=FILE, help="Folder of published books (default: $DUEWATCH_BOOKS, else data/books)."
)
FORMAT = click.option("--format", "file_format", type=click.Choice(FORMATS), default="csv", show_default=True)
OUT = click.option("--out", type=FILE, help="File to write (default: stdout).")
PACKS = click.option("--pack", "packs", multiple=True, help="Rule pack, such as us.reg_f; may be given again.")
