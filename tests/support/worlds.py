"""Invented worlds in which the effect of a talk is known: accounts followed for days, dialled by a rule, paying by a
daily hazard. Written as a plain day loop, apart from the code under test."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

FIRST = date(2026, 3, 1)


def world(
    seed: int,
    *,
    accounts: int = 6000,
    days: int = 30,
    effect: float = 0.8,
    aimed: float = 1.0,
    hidden: float = 0.0,
    share: float = 0.3,
    cap: tuple[int, int] | None = None,
    worst_first: bool = False,
    barred: float = 0.0,
) -> tuple[pl.DataFrame, pl.DataFrame, float]:
    """Spells, person-days, share that paid. `aimed`: how much the list follows the grade; `hidden`: weight of what no
    file holds, in paying, dialling and answering; `cap`: calls in so many dates, freed calls go to others; `barred`:
    share of the accounts, the first of them, that nobody may call."""
    rng = np.random.default_rng([seed, 99])
    grade, unseen = rng.integers(0, 5, accounts), rng.standard_normal(accounts)
    level = -3.4 - 0.5 * (grade - 2) - hidden * unseen
    aim = aimed * (grade - 2) + hidden * unseen
    dials, talks = np.zeros((accounts, days), dtype=int), np.zeros((accounts, days), dtype=int)
    paid_on = np.full(accounts, -1)
    for day in range(days):
        open_now = paid_on < 0
        recent = talks[:, max(0, day - 3) : day].sum(1) > 0
        pays = open_now & (rng.random(accounts) < 1 / (1 + np.exp(-(level + effect * recent))))
        paid_on[pays] = day
        key = aim + (0.01 if worst_first else 1.0) * rng.gumbel(size=accounts)
        may = open_now & ~pays & (np.arange(accounts) >= barred * accounts)
        if cap is not None:
            may &= dials[:, max(0, day - cap[1] + 1) : day].sum(1) < cap[0]
        able = np.flatnonzero(may)
        called = able[np.argsort(-key[able])[: round(share * accounts * 0.6)]]
        dials[called, day] = 1
        answers = 1 / (1 + np.exp(-(0.0 - hidden * unseen[called])))
        talks[called, day] = rng.random(len(called)) < answers
    return _frames(grade, dials, talks, paid_on)


def _frames(grade: np.ndarray, dials: np.ndarray, talks: np.ndarray, paid_on: np.ndarray):  # type: ignore[no-untyped-def]
    n = len(grade)
    spells = pl.DataFrame(
        {
            "currency": ["CNY"] * n,
            "account_key": range(n),
            "debtor_key": range(n),
            "product": ["loan"] * n,
            "risk_grade": [f"g{g}" for g in grade],
            "spell_no": [1] * n,
            "started_on": [FIRST - timedelta(days=1)] * n,
            "ended_on": [FIRST + timedelta(days=int(d) - 1) if d >= 0 else None for d in paid_on],
        },
        schema_overrides={"ended_on": pl.Date},
    )
    account, day = np.nonzero(dials)
    calls = pl.DataFrame(
        {"account_key": account, "day": day, "n_dials": 1, "n_reached": talks[account, day], "amount": 0.0}
    )
    paid = np.flatnonzero(paid_on >= 0)
    pays = pl.DataFrame({"account_key": paid, "day": paid_on[paid], "n_dials": 0, "n_reached": 0, "amount": 100.0})
    rows = pl.concat([calls, pays], how="vertical_relaxed").group_by("account_key", "day").agg(pl.all().sum())
    dated = rows.with_columns((pl.lit(FIRST) + pl.duration(days=pl.col("day"))).cast(pl.Date).alias("happened_on"))
    return spells, dated.drop("day"), float((paid_on >= 0).mean())
