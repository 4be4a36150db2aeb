"""What a scenario's answer is made of: one line a measure, today beside the scenario, with its rung and its limits."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    """What the adjusted model learned from, in one currency: account-days at risk, how many of them had a payment, the
    talks on them, the debtors drawn and all debtors that were overdue in the fitted days."""

    account_days: int
    payments: int
    talks: int
    debtors: int
    debtors_all: int


@dataclass(frozen=True)
class Counting:
    """How a rule counts beside how the model does: calls of history past `max_count` in `days` dates, counted together
    within the rule's `scope`, and account by account. `scenario`: the same calls past the scenario's limit, where that
    is another."""

    rule_id: str
    scope: tuple[str, ...]
    max_count: int
    days: int
    n_by_rule: int
    n_by_account: int
    scenario: Counting | None = None


@dataclass(frozen=True)
class Line:
    """One measure. `today` and `scenario` are None where they cannot be said, and `reason` then says why and what
    test would answer it; on a line that is answered `reason` is a warning to read with it. `low` and `high`: 95 %
    limits of the scenario's value (L0 shares: Wilson; L2: bootstrap of the difference by debtor); `confounding_*`:
    the difference if the effect were none, half or whole. `n`: what it rests on, counted in `n_of` (one of N_OF; empty
    where there is no n): contacts, spells, promises or accounts counted (L0), what is multiplied (L1), the account-days
    of the `fit` (L2), the accounts of the arm (L3). `counting`: of the model's breaches, which
    it counts by account, how far history counted as the rule counts differs. `code`: the reason as a word, for other
    languages."""

    currency: str
    measure: str
    unit: str
    rung: str
    today: float | None = None
    scenario: float | None = None
    low: float | None = None
    high: float | None = None
    confounding_low: float | None = None
    confounding_high: float | None = None
    n: int | None = None
    reason: str = ""
    code: str = ""
    n_of: str = ""
    fit: Fit | None = None
    counting: Counting | None = None

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
        then = self.counting and self.counting.scenario
        return then.n_by_rule if then else None

    @property
    def n_past_by_account_scenario(self) -> int | None:
        then = self.counting and self.counting.scenario
        return then.n_by_account if then else None

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
    notes: tuple[str, ...] = field(default=())

    def frame(self) -> pl.DataFrame:
        rows = [{name: getattr(line, name) for name in COLUMNS} for line in self.lines]
        return pl.DataFrame(rows, schema=COLUMNS)
