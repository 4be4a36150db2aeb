"""What the tiles of this page open."""

from __future__ import annotations

from datetime import date
from functools import partial

import polars as pl

from duewatch.contract.settings import load_settings
from duewatch.reads import explore as units
from duewatch.ui.parts.drill_down import DrillDown
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.whatif import scenarios as whatif
from duewatch.ui.whatif.scenarios import ScenarioAnswer
from duewatch.whatif.scenario import Scenario

DrillDowns = dict[str, DrillDown]


def scenario(ctx: PageContext, one: ScenarioAnswer) -> DrillDowns:
    """The contacts, or promises, that a scenario's measures count. Hours are arithmetic on inputs that are shown."""
    opens = {}
    for measure in whatif.ROWS:
        line = one.line(measure)
        if line is not None and line.scenario is not None:
            opens[whatif.TILES[measure]] = DrillDown(partial(whatif.behind, ctx, one, measure), int(line.scenario))
    line = one.line("share_kept")
    if line is not None and line.scenario is not None:
        opens["kept_ratio"] = DrillDown(
            lambda: _promises(ctx, one.scenario, whatif.period_of(one)), line.scenario, "numerator", "denominator"
        )
    return opens


def _promises(ctx: PageContext, scenario: Scenario, period: tuple[date, date]) -> pl.DataFrame:
    """The promises of the period, judged with the scenario's grace period and tolerance."""
    settings = load_settings()
    grace, enough = scenario.value("promise_grace_days"), scenario.value("promise_tolerance")
    found = units.promise_units(
        ctx.ask,
        from_date=period[0],
        to_date=period[1],
        as_of=period[1],
        grace_days=settings.promise_grace_days if grace is None else int(grace),
        tolerance=float(settings.promise_tolerance if enough is None else enough),
    )
    counts = [pl.col(name).cast(pl.Int64) for name in ("numerator", "denominator")]
    return found.select("account_id", "unit_id", "unit_on", "product", "branch", *counts)
