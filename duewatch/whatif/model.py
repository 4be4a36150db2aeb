"""L2: what the levers that change who is called would bring in, by an adjusted model that says how far to trust it.

Every call: the book's overdue spells day by day (riskset), a daily hazard of paying given who was reached (hazard), the
days run again under today's and the scenario's levers with the same random numbers (simulate), and the checks that
decide whether the answer stands or is refused (trust). No clock; the same seed gives the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from duewatch.engines import Ask
from duewatch.whatif.result import Line
from duewatch.whatif.scenario import Scenario

Progress = Callable[[str, float], None]
"""Called with the step's id (history, fit, bootstrap, backtest, simulate) and the share done, 0-1. What it raises
stops the work and is passed on: that is how a caller cancels."""

LEVERS_OF_THE_MODEL = ("cap_max", "cap_days", "calls_per_day", "priority", "wait_hours", "hours_from", "hours_to")
"""Levers that the model answers; a scenario that moves none of them has no line here."""


@dataclass(frozen=True)
class ModelSettings:
    """What the model is run with and what its checks ask for; printed with every answer."""

    fit_days: int = 365
    """Days up to the end of the period from which the model learns."""
    most_debtors: int = 30_000
    """Above it a fixed part of the debtors is drawn by number, capacity is cut by the same share, results scaled up."""
    ridge: float = 1.0
    draws: int = 50
    replicates: int = 4
    """Times that each side is run with other random numbers, for the middle of the answer."""
    backtest_draws: int = 20
    horizons: tuple[int, ...] = (30, 60, 90)
    origins: int = 3
    multipliers: tuple[float, ...] = (0.0, 0.5, 1.0)
    most_bias: float = 0.05
    least_coverage: float = 0.65
    most_coverage: float = 0.95
    least_overlap: float = 0.5
    propensity_low: float = 0.05
    propensity_high: float = 0.95
    least_payments: int = 200
    """Payments in the fitted days below which nothing is fitted."""


@dataclass(frozen=True)
class ModelAnswer:
    """`lines`: rung L2 (95 % limits of the difference's value added to the scenario's, confounding limits of the
    difference) or refused with the reason and the test that would answer it. Frames, each with `currency`:

    trust: check, value, low, high, wanted, verdict (passed, failed, not_assessable, warning).
    backtest: measure (cash, cured), horizon_days, method (model, last_month, segment_mean), wape, bias, coverage_80,
        n_cells, actual, forecast.
    effects: estimate (naive_per_dial, unadjusted, adjusted, attempts), value (log-odds), low, high, e_value.
    dials: dials (0, 1-3, 4-8, 9+), n_spells, share_cured: the length-biased picture, shown to be disbelieved.
    confounding: measure, multiplier, difference.
    draws: measure, draw, difference: one row a bootstrap draw.
    path: day, measure (cash, contacts, cured), today, scenario: the runs by day.
    arms: arm, n_accounts, n_paid, share, low, high: a recorded random arm, where there is one (L3).
    """

    lines: tuple[Line, ...]
    trust: pl.DataFrame
    backtest: pl.DataFrame
    effects: pl.DataFrame
    dials: pl.DataFrame
    confounding: pl.DataFrame
    draws: pl.DataFrame
    path: pl.DataFrame
    arms: pl.DataFrame
    settings: ModelSettings
    period: tuple[date, date]
    seed: int
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Fitted:
    """What depends on the book, scope, period, settings and seed alone: keep it by these, and answer many scenarios."""

    currencies: tuple[str, ...]


def fit(
    ask: Ask, *, period: tuple[date, date], settings: ModelSettings, seed: int, progress: Progress | None = None
) -> Fitted:
    """History read, model fitted with its bootstrap, checks run."""
    raise NotImplementedError


def answer(
    ask: Ask, scenario: Scenario, *, today: Scenario, period: tuple[date, date], cap_today: tuple[int, int],
    settings: ModelSettings, seed: int, progress: Progress | None = None, fitted: Fitted | None = None,
) -> ModelAnswer:  # fmt: skip
    """The scenario beside today. `cap_today`: contacts and dates of the cap in force, for the breaches. `fitted`: of
    `fit` with the same book, scope, period, settings and seed; made here where it is None."""
    raise NotImplementedError
