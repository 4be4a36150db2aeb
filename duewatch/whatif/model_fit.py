"""History read, the model fitted with its bootstrap, its checks run: all that many scenarios share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from duewatch.engines import Ask
from duewatch.reads import compliance, whatif
from duewatch.whatif import backtest
from duewatch.whatif import model_checks as trust
from duewatch.whatif.arm_checks import arm_checks
from duewatch.whatif.backtest_table import ALL, Backtest, Cell, covered, table_of
from duewatch.whatif.call_propensity import propensity
from duewatch.whatif.experiment import Arm
from duewatch.whatif.features_as_of import FeaturesAsOf
from duewatch.whatif.hazard import fit_hazard, redrawn, sample_of
from duewatch.whatif.hidden_confounder import HiddenFactor, hidden_factor
from duewatch.whatif.hidden_confounder import redrawn as hidden_redrawn
from duewatch.whatif.model_types import STANDS_ON, Fitted, ModelSettings, Part, Progress, is_led_by_factor
from duewatch.whatif.person_day_rows import build
from duewatch.whatif.simulation_inputs import learn, spread

LEAST_CELLS = 10
"""Past forecasts below which their coverage says nothing."""
ARM_DAYS = 30
FORECAST = tuple(sorted(set(STANDS_ON.values())))
"""Measures whose past forecasts are checked."""


@dataclass(frozen=True)
class History:
    """What the model reads of a book; of the debtors drawn. `debtors`: drawn and all, by currency."""

    spells: pl.DataFrame
    happened: pl.DataFrame
    known: FeaturesAsOf
    holds: pl.DataFrame
    disputes: pl.DataFrame
    arms: pl.DataFrame
    first: date
    last: date
    scale: float
    debtors: dict[str, tuple[int, int]]


def fit(
    ask: Ask, *, period: tuple[date, date], settings: ModelSettings, seed: int, progress: Progress | None = None
) -> Fitted:
    """History read, model fitted with its bootstrap, checks run."""
    tell = progress or silent
    tell("history", 0.0)
    told = history(ask, period, settings)
    currencies = sorted(told.spells["currency"].unique().to_list())
    parts = {name: _part(told, name, period, settings, seed, tell) for name in currencies}
    return Fitted(parts, told.arms)


def history(ask: Ask, period: tuple[date, date], settings: ModelSettings) -> History:
    first, last = max(period[1] - timedelta(days=settings.fit_days - 1), _log_start(ask)), period[1]
    found = whatif.overdue_spells(ask, from_date=first, to_date=last, permille=1000)
    n_debtors = found["debtor_key"].n_unique()
    permille = 1000 if n_debtors <= settings.most_debtors else max(1, 1000 * settings.most_debtors // n_debtors)
    drawn = found if permille == 1000 else whatif.overdue_spells(ask, from_date=first, to_date=last, permille=permille)
    arms = whatif.arms(ask, from_date=first, to_date=last, within_days=ARM_DAYS, as_of=last)
    return History(
        drawn,
        whatif.person_days(ask, from_date=first, to_date=last, permille=permille),
        FeaturesAsOf(*(read(ask, to_date=last, permille=permille) for read in READS)),
        whatif.hard_holds(ask, from_date=first, to_date=last),
        whatif.dispute_days(ask, to_date=last).with_columns(pl.col("resolved_on").fill_null(last)),
        arms.filter(pl.col("n_accounts") > 0),
        first,
        last,
        n_debtors / max(drawn["debtor_key"].n_unique(), 1),
        {name: (_debtors(drawn, name), _debtors(found, name)) for name in found["currency"].unique().to_list()},
    )


def _debtors(spells: pl.DataFrame, currency: str) -> int:
    return spells.filter(pl.col("currency") == currency)["debtor_key"].n_unique()


READS: tuple[Callable[..., pl.DataFrame], ...] = (
    whatif.arrears_days,
    whatif.promise_days,
    whatif.team_days,
    whatif.status_days,
    whatif.first_reminders,
)
"""In the order of the fields of FeaturesAsOf."""


def _part(
    told: History, currency: str, period: tuple[date, date], settings: ModelSettings, seed: int, tell: Progress
) -> Part | None:
    tell("fit", 0.0)
    panel = build(told.spells.filter(pl.col("currency") == currency), told.happened, told.first, told.last, told.known)
    if int(panel.paid.sum()) < settings.least_payments:
        return None
    begins, start, end = (int(panel.day.min()), *((day - date(1970, 1, 1)).days for day in period))
    start = max(start, begins)
    held = spread(panel.accounts, told.holds, begins, end)
    sample = sample_of(panel, seed)
    hazard = fit_hazard(sample, ridge=settings.ridge)
    tell("bootstrap", 0.0)
    draws = redrawn(sample, hazard, ridge=settings.ridge, draws=settings.draws, seed=seed)
    listed = propensity(panel, ridge=settings.ridge, seed=seed)
    inputs = learn(panel, listed, start, end, held[:, start - begins :], panel.until(end), told.disputes)
    hidden = hidden_factor(panel, inputs, hazard, ridge=settings.ridge, seed=seed)
    aimed = trust.aimed(hazard, draws)
    is_led = hidden is not None and is_led_by_factor([aimed])
    leading = hidden if hidden is not None and is_led else hazard
    tell("backtest", 0.0)
    plan = backtest.Plan(settings.horizons, settings.origins, settings.forecasts, settings.ridge, seed, is_led)
    cells = backtest.cells_of(panel, held, last=end, plan=plan)
    tested = table_of(cells)
    checks = [
        *(_gate(tested, settings, measure) for measure in FORECAST),
        *(_coverage(cells, settings, measure) for measure in FORECAST),
        trust.placebo(panel, ridge=settings.ridge, seed=seed),
        trust.overlap(panel, listed, settings.propensity_low, settings.propensity_high, settings.least_overlap),
        aimed,
        *_band(hidden),
        *arm_checks(inputs, leading, told.known.teams, told.arms.filter(pl.col("currency") == currency), seed),
    ]
    again = [] if hidden is None else hidden_redrawn(hidden, settings.draws, seed)
    scale = (told.scale, told.debtors[currency])
    return Part(inputs, panel, sample, hazard, draws, checks, tested, hidden, again, *scale)


def _gate(tested: list[Backtest], settings: ModelSettings, measure: str) -> trust.Check:
    """One measure at every horizon, over all cells: nearer than both baselines, and without bias."""
    name = f"backtest {measure}"
    wanted = f"below both baselines' error at each horizon, bias at most {settings.most_bias}"
    mine = [each for each in tested if (each.measure, each.segment) == (measure, ALL)]
    found = {(each.horizon_days, each.method): each for each in mine}
    if not found:
        return trust.Check(name, None, None, None, wanted, "not_assessable")
    horizons = sorted({horizon for horizon, _ in found})
    others = ("last_month", "segment_mean")
    beats = all(found[h, "model"].wape < min(found[h, other].wape for other in others) for h in horizons)
    bias = max((found[h, "model"].bias for h in horizons), key=abs)
    is_right = beats and abs(bias) <= settings.most_bias
    return trust.Check(name, bias, None, None, wanted, "passed" if is_right else "failed")


def _band(hidden: HiddenFactor | None) -> list[trust.Check]:
    """Without the hidden factor the confounding band is narrower than the answer may claim: nothing is told then."""
    wanted = "the search for the factor settles"
    return [] if hidden else [trust.Check("hidden_factor", None, None, None, wanted, "not_assessable")]


def _coverage(cells: list[Cell], settings: ModelSettings, measure: str) -> trust.Check:
    """Of the 80 % band of one measure, over origin, segment and horizon. The limits take cells for independent."""
    least, most = settings.coverage
    name = f"coverage {measure}"
    wanted = f"the 80 % band holds {least:.0%} to {most:.0%} of the cells; at least {LEAST_CELLS} cells"
    n_inside, n = covered(cells, measure)
    if n < LEAST_CELLS:
        return trust.Check(name, None, None, None, wanted, "not_assessable")
    held = Arm("cells", n, n_inside).proportion
    verdict = "passed" if least <= n_inside / n <= most else "failed"
    return trust.Check(name, n_inside / n, held.low, held.high, wanted, verdict)


def _log_start(ask: Ask) -> date:
    known: date = compliance.judged_days(ask).row(0, named=True)["first_day"]
    return known


def silent(step: str, share: float) -> None:
    """No one listens."""
