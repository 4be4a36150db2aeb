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
        self.truth: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))

    def header(self, table: str) -> list[str]:
        return self.rows(table).columns

    def rows(self, table: str) -> pl.DataFrame:
        text = (self.folder / f"{table}.csv").read_bytes().decode(ENCODINGS.get(table, "utf-8"))
        return pl.read_csv(text.encode(), infer_schema=False)

    def good(self, table: str) -> pl.DataFrame:
        return self.rows(table).head(self.truth["rows"][table]["expected_accepted"])

    def plant(self, kind: str) -> dict[str, Any]:
        return next(plant for plant in self.truth["plants"] + self.truth["exempt"] if plant["kind"] == kind)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo") / "out"
    write_demo(folder, accounts=2_400, months=6, seed=3)
    return Demo(folder)
