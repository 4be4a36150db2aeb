"""What stands beside a scenario's lines, as plain values: recorded arms, every cap at once, twelve months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from duewatch.compliance.pack_types import Pack
from duewatch.contract.errors import DuewatchError
from duewatch.contract.settings import Settings
from duewatch.whatif import arms, caps, run_off, segments, tradeoff
from duewatch.whatif import cap_grid as grid
from duewatch.whatif.caps import Period
from duewatch.whatif.experiment import LEAST_WEEKS, Arm, ReadOut
from duewatch.whatif.projection import LEAST_MONTHS, Change, Score
from duewatch.whatif.query_session import QuerySession
from duewatch.whatif.scenario import Scenario

Values = dict[str, Any]
BANDS = ("low_95", "low_80", "high_80", "high_95")


def arms_told(asks: QuerySession, as_of: date, currency: str, within_days: int = arms.WITHIN_DAYS) -> Values:
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
    return {
        "arm": arm.name,
        "n_accounts": arm.n,
        "n_paid": arm.n_outcome,
        "share_paid": told.share,
        "low": told.low,
        "high": told.high,
    }


def _read_out(arm: Arm, meant: float, found: ReadOut) -> Values:
    change = found.change if found.is_split_right else None
    return {
        "arm": arm.name,
        "meant_share": meant,
        "p_split": found.p_split,
        "is_split_right": found.is_split_right,
        "difference": change and change.value,
        "low": change and change.low,
        "high": change and change.high,
        "is_evident": change and change.is_evident,
        "n_more_wanted": found.n_wanted,
    }


def grid_told(
    asks: QuerySession, packs: Mapping[str, Pack], scenario: Scenario, settings: Settings, period: Period, currency: str
) -> Values:
    """The 300 caps with their two counts, today's cap, the scenario's, and the walls; or the reason why not."""
    told: Values = {"currency": currency, "from": period[0], "to": period[1]}
    try:
        mine = grid.today_on(packs, scenario, settings)
    except DuewatchError as error:
        return told | {"reason": error.sentence, "cells": [], "walls": [], "left": []}
    limit, tried = mine.limit, grid.cell_of(scenario)
    laws = grid.walls(packs, settings, currency)
    contacts = caps.contacts_of(asks.whole, mine, period)
    scope = asks.scope.narrowed(currencies=(currency,))
    return told | {
        "rule": mine.each.rule.id,
        "today": {"max_count": limit.max_count, "window_days": limit.window.length},
        "scenario": tried and {"max_count": tried[0], "window_days": tried[1]},
        "cells": caps.frontier(contacts, scope, period).to_dicts(),
        "walls": [_wall(each) for each in laws],
        "left": [
            {"law": each.rule_id, "points": _left(tradeoff.counted(contacts, scope, period, each.dates, {}))}
            for each in laws
            if each.dates
        ],
    }


def _left(points: Sequence[tradeoff.Point]) -> list[Values]:
    """What each cap keeps of the contacts, and how many of them still break the law; no cap first."""
    return [
        {
            "max_count": each.cap and each.cap[0],
            "window_days": each.cap and each.cap[1],
            "contacts_left": int(each.n_contacts),
            "breaches_left": each.n_over,
        }
        for each in points
    ]


def _wall(wall: grid.LawWall) -> Values:
    steps = [{"window_days": days, "max_count": most} for days, most in wall.steps]
    return {"rule": wall.rule_id, "title": wall.title_en, "title_zh": wall.title_zh, "safe_up_to": steps}


def run_off_told(
    asks: QuerySession, scenario: Scenario, as_of: date | None, currency: str, by: str = segments.BY[0]
) -> Values:
    """Twelve months from a snapshot, as things go and with the scenario's multipliers, by month, bucket and segment;
    and how the same projection did on past months."""
    pairs, change = run_off.pairs_of(asks.scoped, as_of, currency), run_off.change_of(scenario)
    history, seed = run_off.history_from(pairs), scenario.seed
    told: Values = {"currency": currency, "as_of": as_of, "cure_times": change.cure, "roll_times": change.roll}
    told["by_bucket"] = [
        {"bucket": pairs.buckets[number], "cure_times": cure, "roll_times": roll}
        for number, cure, roll in change.by_bucket
    ]
    if not history.is_long_enough:
        why = f"it takes {LEAST_MONTHS + 1} monthly snapshots and the book has {len(history.days)}; load earlier ones"
        return told | {"reason": why, "months": [], "buckets": [], "backtest": [], "segments": []}
    now = run_off.run_of(history, Change(), seed)
    then = now if change == Change() else run_off.run_of(history, change, seed)
    months = [run_off.month_end(history.days[-1], at + 1) for at in range(run_off.HORIZON)]
    told |= {"months": _months(months, now, then), "buckets": _buckets(months, pairs.buckets, now, then)}
    told |= _tested(run_off.scores_of(history, seed)) | {"segmented_by": by}
    return told | {"segments": _segments(segments.segments_of(pairs, by), pairs.buckets, change, seed)}


def _months(months: Sequence[date], now: run_off.Run, then: run_off.Run) -> list[Values]:
    rows = []
    for measure in run_off.MEASURES:
        before, after = run_off.by_month(now, measure), run_off.by_month(then, measure)
        for at, month in enumerate(months):
            bands = {band: float(then.bands[measure][band][at]) for band in BANDS}
            rows.append({"month": month, "measure": measure, "today": before[at], "scenario": after[at], **bands})
    return rows


def _buckets(months: Sequence[date], names: Sequence[str], now: run_off.Run, then: run_off.Run) -> list[Values]:
    """Balance by bucket at the end of each month."""
    return [
        {
            "month": month,
            "bucket": name,
            "today": float(now.path.balances[at + 1, place]),
            "scenario": float(then.path.balances[at + 1, place]),
        }
        for at, month in enumerate(months)
        for place, name in enumerate(names)
    ]


def _tested(scores: list[Score]) -> Values:
    return {"backtest": [asdict(each) for each in scores], "backtest_verdict": run_off.verdict(scores)}


def _segments(known: segments.Segments, buckets: Sequence[str], change: Change, seed: int) -> list[Values]:
    """Each segment after twelve months, then their sum (segment null) to lay beside the whole book."""
    now, then = (segments.project(known, each, seed) for each in (Change(), change))
    tested = segments.backtests(known, seed)
    rows = []
    for name, part in known.parts.items():
        own = dict(zip(buckets, [float(each) for each in known.weights[name]], strict=True))
        start = float(part.starts[-1][1:].sum())
        rows.append(
            {
                "segment": name,
                "overdue_now": start,
                "own_weight": own,
                **_year(now.parts[name], then.parts[name]),
                **_tested(tested[name]),
            }
        )
    start = sum(row["overdue_now"] for row in rows)
    return [*rows, {"segment": None, "overdue_now": start, **_year(now.total, then.total), **_tested(tested[""])}]


def _year(now: run_off.Run, then: run_off.Run) -> Values:
    return {
        measure: {
            "today": run_off.told(now, measure),
            "scenario": run_off.told(then, measure),
            **{band: float(then.bands[measure][band][-1]) for band in BANDS},
        }
        for measure in run_off.MEASURES
    }
