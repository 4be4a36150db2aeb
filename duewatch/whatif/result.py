"""What a scenario's answer is made of: one line a measure, today beside the scenario, with its rung and its limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

COLUMNS: dict[str, Any] = {
    "currency": pl.String,
    "measure": pl.String,
    "unit": pl.String,
    "rung": pl.String,
    "today": pl.Float64,
    "scenario": pl.Float64,
    "difference": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "confounding_low": pl.Float64,
    "confounding_high": pl.Float64,
    "n": pl.Int64,
    "n_of": pl.String,
    "n_payments": pl.Int64,
    "n_talks": pl.Int64,
    "n_debtors": pl.Int64,
    "n_debtors_all": pl.Int64,
    "counted_by": pl.String,
    "rule_counts_by": pl.String,
    "n_past_by_rule": pl.Int64,
    "n_past_by_account": pl.Int64,
    "n_past_by_rule_scenario": pl.Int64,
    "n_past_by_account_scenario": pl.Int64,
    "reason": pl.String,
    "code": pl.String,
}
N_OF = ("contacts", "spells", "promises", "accounts", "account_months", "account_days")
"""What `n` may count."""


@dataclass(frozen=True)
class Fit:
    """What the adjusted model learned from, in one currency."""

    account_days: int  # at risk
    payments: int  # account-days with a payment
    talks: int
    debtors: int  # drawn
    debtors_all: int  # overdue in the fitted days


@dataclass(frozen=True)
class Counting:
    """Calls of history past a limit, counted as the rule counts and as the model does."""

    rule_id: str
    scope: tuple[str, ...]  # within which the rule counts calls together
    max_count: int  # the limit: calls in so many dates
    days: int
    n_by_rule: int
    n_by_account: int
    scenario: Counting | None = None
    """The same calls past the scenario's limit, where that is another."""


@dataclass(frozen=True)
class Line:
    """One measure of one currency, today beside the scenario."""

    currency: str
    measure: str
    unit: str
    rung: str
    today: float | None = None
    """None where it cannot be said; so is `scenario`."""
    scenario: float | None = None
    low: float | None = None
    """95 % limits of the scenario's value (L0 shares: Wilson; L2: bootstrap of the difference by debtor)."""
    high: float | None = None
    confounding_low: float | None = None
    """The lowest and highest difference if the effect were none, half or whole."""
    confounding_high: float | None = None
    n: int | None = None
    """What it rests on: what is counted (L0) or multiplied (L1), account-days of the fit (L2), accounts of the arm
    (L3)."""
    reason: str = ""
    """Refused: why, and what test would answer it. Answered: a warning to read with it."""
    code: str = ""
    """The reason as a word, for other languages."""
    n_of: str = ""
    """What `n` counts: one of N_OF; empty where there is no n."""
    fit: Fit | None = None
    """Of a line of the model: what it learned from."""
    counting: Counting | None = None
    """Of the model's breaches, which it counts by account: how a count as the rule counts differs."""

    @classmethod
    def refused(cls, currency: str, measure: str, unit: str, reason: str, code: str) -> Line:
        return cls(currency, measure, unit, "refused", reason=reason, code=code)

    @property
    def counted_by(self) -> str | None:
        return None if self.counting is None else "account"

    @property
    def rule_counts_by(self) -> str | None:
        return None if self.counting is None else "+".join(self.counting.scope)

    @property
    def n_past_by_rule(self) -> int | None:
        return None if self.counting is None else self.counting.n_by_rule

    @property
    def n_past_by_account(self) -> int | None:
        return None if self.counting is None else self.counting.n_by_account

    @property
    def n_past_by_rule_scenario(self) -> int | None:
        scenario = self.counting and self.counting.scenario
        return scenario.n_by_rule if scenario else None

    @property
    def n_past_by_account_scenario(self) -> int | None:
        scenario = self.counting and self.counting.scenario
        return scenario.n_by_account if scenario else None

    @property
    def n_payments(self) -> int | None:
        return None if self.fit is None else self.fit.payments

    @property
    def n_talks(self) -> int | None:
        return None if self.fit is None else self.fit.talks

    @property
    def n_debtors(self) -> int | None:
        return None if self.fit is None else self.fit.debtors

    @property
    def n_debtors_all(self) -> int | None:
        return None if self.fit is None else self.fit.debtors_all

    @property
    def difference(self) -> float | None:
        return None if self.today is None or self.scenario is None else self.scenario - self.today


@dataclass(frozen=True)
class Stamp:
    """What an answer rests on: it is the same wherever these are the same."""

    book_version: str
    book_sha256: str
    packs: tuple[tuple[str, str], ...]
    model_changed_on: date
    first_day: date
    last_day: date
    seed: int


@dataclass(frozen=True)
class Report:
    lines: tuple[Line, ...]
    stamp: Stamp

    def frame(self) -> pl.DataFrame:
        rows = [{name: getattr(line, name) for name in COLUMNS} for line in self.lines]
        return pl.DataFrame(rows, schema=COLUMNS)
