"""The frames of a model's answer have their columns, also where every line is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl
import pytest

from duewatch.engines import Scalar
from duewatch.whatif import model
from duewatch.whatif.answer_frames import TABLES
from duewatch.whatif.scenario import Scenario, scenario_of

PERIOD = (date(2026, 9, 1), date(2026, 10, 31))


def silent(name: str, params: Mapping[str, Scalar]) -> pl.DataFrame:
    """No query is asked where the fit is given."""
    raise AssertionError(name)


@pytest.mark.parametrize("name", TABLES)
def test_a_frame_without_a_row_can_be_cut_to_a_currency(name: str) -> None:
    """Too few payments to fit anything: every line is refused, and a page cuts every frame to its currency."""
    fitted = model.Fitted({"CNY": None}, pl.DataFrame(schema={"currency": pl.String}))
    actual = model.answer(
        silent,
        scenario_of({"levers": {"calls_per_day": 5}}, "here"),
        today=Scenario(),
        period=PERIOD,
        settings=model.ModelSettings(),
        seed=1,
        fitted=fitted,
    )
    assert {line.rung for line in actual.lines} == {"refused"}
    frame: pl.DataFrame = getattr(actual, name)
    assert frame.columns == ["currency", *TABLES[name]]
    assert frame.filter(pl.col("currency") == "CNY").is_empty()
