"""What the tiles of this page open."""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.contract.settings import load_settings
from duewatch.reads import explore as units
from duewatch.ui.parts.drill_down import Behind
from duewatch.ui.shell.frame import Ctx
from duewatch.ui.whatif import scenarios as whatif
from duewatch.ui.whatif.scenarios import Told
from duewatch.whatif.scenario import Scenario

Opens = dict[str, Behind]


def scenario(ctx: Ctx, one: Told) -> Opens:
    """The contacts, or promises, that a scenario's measures count. Hours are arithmetic on inputs that are shown."""
    opens = {}
    for measure in whatif.ROWS:
        line = one.line(measure)
        if line is not None and line.scenario is not None:
            opens[whatif.TILES[measure]] = Behind(
                lambda measure=measure: whatif.behind(ctx, one, measure), int(line.scenario)  # type: ignore[misc]
            )  # fmt: skip
    line = one.line("share_kept")
    if line is not None and line.scenario is not None:
        opens["kept_ratio"] = Behind(
            lambda: _promises(ctx, one.scenario, whatif.period_of(one)), line.scenario, "numerator", "denominator"
        )
    return opens


def _promises(ctx: Ctx, scenario: Scenario, period: tuple[date, date]) -> pl.DataFrame:
    """The promises of the period, judged with the scenario's grace period and tolerance."""
    settings = load_settings()
    grace, enough = scenario.value("promise_grace_days"), scenario.value("promise_tolerance")
    found = units.promise_units(
        ctx.ask, from_date=period[0], to_date=period[1], as_of=period[1],
        grace_days=settings.promise_grace_days if grace is None else int(grace),
        tolerance=float(settings.promise_tolerance if enough is None else enough),
    )  # fmt: skip
    counts = [pl.col(name).cast(pl.Int64) for name in ("numerator", "denominator")]
    return found.select("account_id", "unit_id", "unit_on", "product", "branch", *counts)
