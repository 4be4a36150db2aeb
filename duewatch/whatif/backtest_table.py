"""Forecasts of the past beside what came: by measure, horizon, method and segment, and how often the band held it."""

from __future__ import annotations

from dataclasses import dataclass

ALL = "all"


@dataclass(frozen=True)
class Backtest:
    """One measure of one horizon by one method. `segment`: bucket and product, pooled, or all (then over the cells of
    origin and segment). `coverage`: share of cells in the 80 % band, of the model alone."""

    measure: str
    horizon_days: int
    method: str
    segment: str
    wape: float
    bias: float
    coverage: float | None
    n_cells: int
    actual: float
    forecast: float


@dataclass(frozen=True)
class Cell:
    """One origin, segment, horizon, measure and method. `inside`: whether the 80 % band held what came."""

    origin: int
    segment: str
    horizon: int
    measure: str
    method: str
    actual: float
    forecast: float
    inside: bool | None = None


def table_of(cells: list[Cell]) -> list[Backtest]:
    """By measure, horizon and method: each segment over its origins, and all of them together."""
    groups: dict[tuple[str, int, str, str], list[Cell]] = {}
    for cell in cells:
        for segment in (ALL, cell.segment):
            groups.setdefault((cell.measure, cell.horizon, cell.method, segment), []).append(cell)
    return [_scored(key, groups[key]) for key in sorted(groups, key=lambda k: (k[:3], k[3] != ALL, k[3]))]


def _scored(key: tuple[str, int, str, str], cells: list[Cell]) -> Backtest:
    actual, forecast = sum(c.actual for c in cells), sum(c.forecast for c in cells)
    base = max(actual, 1e-9)
    inside = [c.inside for c in cells if c.inside is not None]
    return Backtest(
        *key,
        wape=sum(abs(c.forecast - c.actual) for c in cells) / base,
        bias=(forecast - actual) / base,
        coverage=sum(inside) / len(inside) if inside else None,
        n_cells=len(cells),
        actual=actual,
        forecast=forecast,
    )


def covered(cells: list[Cell], measure: str) -> tuple[int, int]:
    """Cells of the model whose band held what came, and all of them."""
    mine = [cell for cell in cells if cell.method == "model" and cell.measure == measure]
    return sum(bool(cell.inside) for cell in mine), len(mine)
