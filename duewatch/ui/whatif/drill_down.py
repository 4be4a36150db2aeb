"""What the tiles of this page open."""

from __future__ import annotations

from datetime import date
from functools import partial

import polars as pl

from duewatch.contract.settings import load_settings
from duewatch.reads import explore as units
from duewatch.ui.parts.drill_down import DrillDown, DrillDowns
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.whatif import scenarios as whatif
from duewatch.ui.whatif.scenarios import ScenarioAnswer
from duewatch.whatif.scenario import Scenario


def tile_rows(ctx: PageContext, answer: ScenarioAnswer) -> DrillDowns:
    """The contacts, or promises, that a scenario's measures count. Hours are arithmetic on inputs that are shown."""
    rows = {}
    for measure in whatif.ROWS:
        line = answer.line(measure)
        if line is not None and line.scenario is not None:
            rows[whatif.TILES[measure]] = DrillDown(partial(whatif.behind, ctx, answer, measure), int(line.scenario))
    line = answer.line("share_kept")
    if line is not None and line.scenario is not None:
        rows["kept_ratio"] = DrillDown(
            lambda: _promises(ctx, answer.scenario, whatif.period_of(answer)), line.scenario, "numerator", "denominator"
        )
    return rows


def _promises(ctx: PageContext, tile_rows: Scenario, period: tuple[date, date]) -> pl.DataFrame:
    """The promises of the period, judged with the scenario's grace period and tolerance."""
    settings = load_settings()
    grace, enough = tile_rows.value("promise_grace_days"), tile_rows.value("promise_tolerance")
    rows = units.promise_units(
        ctx.ask,
        from_date=period[0],
        to_date=period[1],
        as_of=period[1],
        grace_days=settings.promise_grace_days if grace is None else int(grace),
        tolerance=float(settings.promise_tolerance if enough is None else enough),
    )
    counts = [pl.col(name).cast(pl.Int64) for name in ("numerator", "denominator")]
    return rows.select("account_id", "unit_id", "unit_on", "product", "branch", *counts)
