"""What stands beside a scenario's lines, as plain values: recorded arms, every cap at once, twelve months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from duewatch.compliance.model import Pack
from duewatch.errors import DuewatchError
from duewatch.settings import Settings
from duewatch.whatif import arms, grid, run_off
from duewatch.whatif.asks import Asks
from duewatch.whatif.caps import Period
from duewatch.whatif.experiment import LEAST_WEEKS, Arm, ReadOut
from duewatch.whatif.projection import LEAST_MONTHS, Change
from duewatch.whatif.scenario import Scenario

Values = dict[str, Any]
BANDS = ("low_95", "low_80", "high_80", "high_95")


def arms_told(asks: Asks, as_of: date, currency: str, within_days: int = arms.WITHIN_DAYS) -> Values:
    """The arms with their shares, each against the largest, and the sizes of another test. A difference is None where
    the arms' sizes do not fit the split that was meant."""
    known = arms.recorded(asks.scoped, as_of, currency, within_days)
    told: Values = {"currency": currency, "as_of": as_of, "within_days": within_days}
    told["arms"] = [_arm(each) for each in known.arms]
    told["n_immature"] = int(known.frame["n_immature"].sum())
    told["read_outs"] = [_read_out(*each) for each in arms.read_outs(known)]
    if len(known.arms) < 2:
        told["reason"] = "no two arms are recorded; hold a random 2-5 % of accounts out from now on and record the arm"
    told["sizes"] = [asdict(each) for each in arms.sizes(known)]
    return told | {"least_weeks": LEAST_WEEKS}


def _arm(arm: Arm) -> Values:
    told = arm.proportion
    return {"arm": arm.name, "n_accounts": arm.n, "n_paid": arm.n_outcome, "share_paid": told.share, "low": told.low,
            "high": told.high}  # fmt: skip


def _read_out(arm: Arm, meant: float, found: ReadOut) -> Values:
    change = found.change if found.is_split_right else None
    return {
        "arm": arm.name, "meant_share": meant, "p_split": found.p_split, "is_split_right": found.is_split_right,
        "difference": change and change.value, "low": change and change.low, "high": change and change.high,
        "is_evident": change and change.is_evident, "n_more_wanted": found.n_wanted,
    }  # fmt: skip


def grid_told(
    asks: Asks, packs: Mapping[str, Pack], scenario: Scenario, settings: Settings, period: Period, currency: str
) -> Values:  # fmt: skip
    """The 300 caps with their two counts, today's cap, the scenario's, and the walls; or the reason why not."""
    told: Values = {"currency": currency, "from": period[0], "to": period[1]}
    try:
        mine = grid.today_on(packs, scenario, settings)
    except DuewatchError as error:
        return told | {"reason": error.sentence, "cells": [], "walls": []}
    limit, tried = mine.limit, grid.cell_of(scenario)
    return told | {
        "rule": mine.each.rule.id,
        "today": {"max_count": limit.max_count, "window_days": limit.window.length},
        "scenario": tried and {"max_count": tried[0], "window_days": tried[1]},
        "cells": grid.cells_of(asks, mine, period, currency).to_dicts(),
        "walls": [_wall(each) for each in grid.walls(packs, settings, currency)],
    }


def _wall(wall: grid.LawWall) -> Values:
    steps = [{"window_days": days, "max_count": most} for days, most in wall.steps]
    return {"rule": wall.rule_id, "title": wall.title_en, "title_zh": wall.title_zh, "safe_up_to": steps}


def run_off_told(asks: Asks, scenario: Scenario, as_of: date | None, currency: str) -> Values:
    """Twelve months from a snapshot, as things go and with the scenario's multipliers, and how the same projection did
    on past months."""
    history, change = run_off.history_of(asks.scoped, as_of, currency), run_off.change_of(scenario)
    told: Values = {"currency": currency, "as_of": as_of, "cure_times": change.cure, "roll_times": change.roll}
    if not history.is_long_enough:
        why = f"it takes {LEAST_MONTHS + 1} monthly snapshots and the book has {len(history.days)}; load earlier ones"
        return told | {"reason": why, "months": [], "backtest": []}
    now = run_off.run_of(history, Change(), scenario.seed)
    then = now if change == Change() else run_off.run_of(history, change, scenario.seed)
    scores = run_off.scores_of(history, scenario.seed)
    told["months"] = _months(history, now, then)
    told["backtest"] = [asdict(each) for each in scores]
    told["backtest_verdict"] = (run_off.failing(scores) or "passed") if scores else "not_assessable"
    return told


def _months(history: run_off.History, now: run_off.Run, then: run_off.Run) -> list[Values]:
    rows = []
    for measure in run_off.MEASURES:
        before, after = run_off.by_month(now, measure), run_off.by_month(then, measure)
        for at in range(run_off.HORIZON):
            bands = {band: float(then.bands[measure][band][at]) for band in BANDS}
            day = run_off.month_end(history.days[-1], at + 1)
            rows.append({"month": day, "measure": measure, "today": before[at], "scenario": after[at], **bands})
    return rows
