"""The frames of a model's answer: their columns, also where they hold no row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

TABLES: dict[str, dict[str, Any]] = {
    "trust": {
        "check": pl.String,
        "value": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "wanted": pl.String,
        "verdict": pl.String,
    },
    "backtest": {
        "measure": pl.String,
        "horizon_days": pl.Int64,
        "method": pl.String,
        "segment": pl.String,
        "wape": pl.Float64,
        "bias": pl.Float64,
        "coverage": pl.Float64,
        "n_cells": pl.Int64,
        "actual": pl.Float64,
        "forecast": pl.Float64,
    },
    "effects": {
        "estimate": pl.String,
        "value": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "e_value": pl.Float64,
    },
    "dials": {"dials": pl.String, "n_spells": pl.Int64, "share_cured": pl.Float64},
    "confounding": {"measure": pl.String, "assumption": pl.String, "multiplier": pl.Float64, "difference": pl.Float64},
    "draws": {"measure": pl.String, "draw": pl.Int64, "difference": pl.Float64},
    "path": {"day": pl.Date, "measure": pl.String, "today": pl.Float64, "scenario": pl.Float64},
}
"""Name to columns; each frame begins with `currency`."""


def table(name: str, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"currency": pl.String, **TABLES[name]})
