"""A day on the command line: 2026-10-31, and one plain sentence for anything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click


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
