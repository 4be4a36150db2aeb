"""One small demo for all tests of this folder: 2,400 accounts over 6 months, a second or so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from duewatch.demo import write_demo
from duewatch.demo.write import ENCODINGS


class Demo:
    """A written demo. `good(table)`: its rows without the planted data faults, as text unless told otherwise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lines: dict[str, list[str]] = {}
        self.truth: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))

    def lines(self, table: str) -> list[str]:
        """Physical lines, the header first. No cell of a demo holds a line break."""
        if table not in self._lines:
            text = (self.folder / f"{table}.csv").read_bytes().decode(ENCODINGS.get(table, "utf-8"))
            self._lines[table] = text.removesuffix("\n").split("\n")
        return self._lines[table]

    def header(self, table: str) -> list[str]:
        return self.lines(table)[0].split(",")

    def good(self, table: str) -> pl.DataFrame:
        lines = self.lines(table)[: 1 + self.truth["rows"][table]["expected_accepted"]]
        return pl.read_csv("\n".join(lines).encode(), infer_schema=False)

    def faults(self, reason: str) -> dict[str, list[str]]:
        """The lines of one data fault by table."""
        planted = [fault for fault in self.truth["data_faults"] if fault["reason"] == reason]
        return {fault["table"]: [self.lines(fault["table"])[line - 1] for line in fault["lines"]] for fault in planted}

    def plant(self, kind: str) -> dict[str, Any]:
        return next(plant for plant in self.truth["plants"] + self.truth["exempt"] if plant["kind"] == kind)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo") / "out"
    write_demo(folder, accounts=2_400, months=6, seed=3)
    return Demo(folder)
