"""The model's settings, its fit and its answer: what it is run with and what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from duewatch.whatif import model_checks as trust
from duewatch.whatif.backtest_table import Backtest
from duewatch.whatif.hazard import Hazard, Sample
from duewatch.whatif.hidden_confounder import HiddenFactor
from duewatch.whatif.person_days import PersonDays
from duewatch.whatif.result import Fit, Line
from duewatch.whatif.simulation_inputs import SimulationInputs

Progress = Callable[[str, float], None]
"""Called with the step's id (history, fit, bootstrap, backtest, simulate) and the share done, 0-1. What it raises
stops the work and is passed on: that is how a caller cancels."""

LEVERS_OF_THE_MODEL = (
    "cap_max",
    "cap_days",
    "calls_per_day",
    "priority",
    "wait_hours",
    "hours_from",
    "hours_to",
    "closed_hours",
    "hold_dispute_days",
    "hold_promise_days",
)
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
    horizons: tuple[int, ...] = (30, 60, 90)
    origins: int = 3
    forecasts: int = 20
    """Runs of each past forecast, each with parameters of another draw: they make its 80 % band."""
    multipliers: tuple[float, ...] = (0.0, 0.5, 1.0)
    most_bias: float = 0.05
    coverage: tuple[float, float] = (0.65, 0.95)
    """Share of the past forecasts whose 80 % band has to hold what came: below it is too narrow, above it too wide."""
    least_overlap: float = 0.5
    propensity_low: float = 0.05
    propensity_high: float = 0.95
    least_payments: int = 200
    """Payments in the fitted days below which nothing is fitted."""
    cap_told: float = 0.7
    """Of what a cap, or no calls at all, truly cost an invented lender in cured accounts, the share that the model told
    where it told least (bench/whatif_truth.py): the band of confounding of that line, under a cap or other calls a day,
    reaches to the difference divided by it."""
    hidden_judgement: str = "warn"
    """Where unanswered dials say that the list is aimed by something the log lacks: `warn` shows the lines, told by the
    fit with a hidden factor, with the warning and the band of confounding, if that factor could be worked out; `refuse`
    shows none."""


REFUSED = {
    "backtest": "what this line stands on was not forecast better than repeating the past would have, or with a bias",
    "coverage": "the 80 % band of past forecasts held what came too seldom, or was too wide",
    "placebo": "today's payment seems to follow from tomorrow's talk, so answering goes with something the log lacks",
    "overlap": "too many account-days were always or never called",
    "unanswered_dials": "dials that nobody answered seem to move payment, so the list is aimed by something that the "
    "log lacks",
    "hidden_factor": "what one factor that no file holds would do to the effect could not be worked out, so the "
    "band of confounding would be too narrow",
    "arm": "a recorded random arm came out otherwise than the model says",
    "few": "too few payments in the fitted days",
    "cap": "the model moves whole days, and a cap within one date changes none",
}
WARNED = {
    "unanswered_dials": "the list is aimed by something that the log lacks: one hidden factor stands for it in the "
    "line, so read the band of confounding, not the point alone"
}
"""Checks that may fail without a refusal, where the settings say so and the band of confounding is whole."""
CAPPED = {
    "cap": "held against an invented lender that began to keep a cap, the model told less than it cost in cured "
    "accounts, so these may fall further than this line and its limits say; the band of confounding reaches as far as "
    "the model fell short where it did so most"
}
CAPPED["unanswered_dials_cap"] = f"{WARNED['unanswered_dials']}; and {CAPPED['cap']}"
"""Told of every line about a cap on calls, beside what WARNED says (bench/whatif_truth.py, docs/whatif.md)."""
TEST = "; record a random hold-out of 2-5 % of accounts, or assign this lever at random by debtor"
MEASURES = {"cash": "money", "cured": "accounts", "talks": "contacts", "breaches": "contacts"}

STANDS_ON = {"cash": "cash", "cured": "cured", "talks": "cured", "breaches": "cured"}
"""The measure whose past forecasts a line stands on: who is called and reached hangs on who has not cured, not on how
much was paid."""
OF_A_MEASURE = ("backtest", "coverage")
"""Checks made for each measure by itself, as backtest cash."""


def is_led_by_factor(checks: Sequence[trust.Check]) -> bool:
    return any((check.check, check.verdict) == ("unanswered_dials", "failed") for check in checks)


@dataclass(frozen=True)
class Fitted:
    """What depends on the book, scope, period, settings and seed alone: keep it by these, and answer many scenarios.
    `parts`: by currency; None where too few payments were made to fit anything."""

    parts: dict[str, Part | None]
    arms: pl.DataFrame


@dataclass(frozen=True)
class Part:
    inputs: SimulationInputs
    panel: PersonDays
    sample: Sample
    hazard: Hazard
    draws: list[Hazard]
    checks: list[trust.Check]
    tested: list[Backtest]
    hidden: HiddenFactor | None
    hidden_draws: list[HiddenFactor]
    scale: float
    """Debtors of the book by debtors drawn."""
    debtors: tuple[int, int]
    """Drawn, and all that were overdue in the fitted days; of this currency."""

    @property
    def rests_on(self) -> Fit:
        panel = self.panel
        return Fit(panel.size, int(panel.paid.sum()), int(panel.reached.sum()), *self.debtors)

    @property
    def leading(self) -> Hazard | HiddenFactor:
        """What the lines are told by: where the list is aimed by something the log lacks, the fit with a hidden factor
        for it."""
        return self.hidden if self.hidden is not None and is_led_by_factor(self.checks) else self.hazard

    @property
    def leading_draws(self) -> Sequence[Hazard | HiddenFactor]:
        return self.draws if isinstance(self.leading, Hazard) else self.hidden_draws

    def refused_by(self, settings: ModelSettings, measure: str) -> str:
        """The first check of that measure's line that was not passed and is not for a warning alone, as a key of
        REFUSED; empty where none."""
        return next((name for name in self._failed(measure) if name not in self._may_warn(settings)), "")

    def warned_by(self, settings: ModelSettings) -> str:
        """The check that the lines are shown with a warning of, as a key of WARNED; empty where none."""
        return next((name for name in self._failed("") if name in self._may_warn(settings)), "")

    def _failed(self, measure: str) -> list[str]:
        names = [
            (*check.check.partition(" ")[::2],)
            for check in self.checks
            if check.verdict in ("failed", "not_assessable")
        ]
        return [name for name, of in names if name not in OF_A_MEASURE or of == STANDS_ON.get(measure)]

    def _may_warn(self, settings: ModelSettings) -> tuple[str, ...]:
        is_known = settings.hidden_judgement == "warn" and self.hidden is not None
        return tuple(WARNED) if is_known else ()


@dataclass(frozen=True)
class ModelAnswer:
    """`lines`: rung L2 (`low`, `high`: 95 % limits of the scenario's value, today's held; `confounding_*`: of the
    difference), L3 for a recorded random arm, or refused with the reason and the test that would answer it. Frames,
    each with `currency`:

    trust: check, value, low, high, wanted, verdict (passed, failed, not_assessable).
    backtest: measure (cash, cured, rolled), horizon_days, method (model, last_month, segment_mean), segment (all,
        bucket and product, pooled), wape, bias, coverage (of the 80 % band), n_cells, actual, forecast.
    effects: estimate (adjusted; hidden_factor: if one factor that no file holds drove dialling, answering and paying;
        band: from none to the larger upper limit of the two; naive_per_dial), value (log-odds), low, high, e_value.
    dials: dials, n_spells, share_cured: the length-biased picture, shown to be disbelieved.
    confounding: measure, assumption (none, half, whole, hidden_factor, hidden_factor_twice: its shift doubled,
    cap_told_less: of cured accounts under a cap or other calls a day, by ModelSettings.cap_told),
        multiplier (empty for the last two), difference.
    draws: measure, draw, difference: one row a draw of the parameters (bootstrap, or of the hidden factor).
    path: day, measure (cash, cured, talks, breaches), today, scenario: the runs by day.
    arms: arm, n_accounts, n_paid, n_immature: a recorded random arm, where there is one (L3).
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
