"""L3: what a recorded random arm says, and whether the model would have said the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from duewatch.whatif.call_policy import Policy
from duewatch.whatif.experiment import Arm, ReadOut, read_out
from duewatch.whatif.hazard import Hazard
from duewatch.whatif.hidden_confounder import HiddenFactor
from duewatch.whatif.model_checks import Check
from duewatch.whatif.person_days import PersonDays
from duewatch.whatif.result import Line
from duewatch.whatif.simulation import Outcome, Run, run_days
from duewatch.whatif.simulation_inputs import SimulationInputs

WITHIN_DAYS = 30
NEW_UP_TO = 4
"""Days in the spell on its first day run again, up to which a spell counts as just assigned."""
REPLICATES = 4


def read_outs(arms: pl.DataFrame) -> list[tuple[Arm, Arm, ReadOut]]:
    """The largest arm, each other one, and their difference; of one currency. `arms`: rows of `whatif/arms`."""
    told = [Arm(r["arm"], r["n_accounts"], r["n_paid"]) for r in arms.iter_rows(named=True) if r["n_accounts"]]
    told.sort(key=lambda arm: (-arm.n, arm.name))
    return [(told[0], other, read_out(told[0], other)) for other in told[1:]]


def arm_lines(currency: str, arms: pl.DataFrame) -> list[Line]:
    """Share of each other arm's accounts that paid within 30 days, beside the largest arm's; the limits are those of
    the difference (Newcombe), cut at 0 and 1. n: the accounts of the arm."""
    return [
        Line(
            currency,
            f"arm_paid_{other.name}",
            "share",
            "L3",
            champion.proportion.share,
            other.proportion.share,
            max(champion.proportion.share + found.change.low, 0.0),
            min(champion.proportion.share + found.change.high, 1.0),
            n=other.n,
            n_of="accounts",
            code=f"arm_{other.name}",
        )
        for champion, other, found in read_outs(arms)
    ]


def arm_checks(
    inputs: SimulationInputs, model: Hazard | HiddenFactor, teams: pl.DataFrame, arms: pl.DataFrame, seed: int
) -> list[Check]:
    """The model's own difference between the arms, from how much less (or more) the arm was called, beside the limits
    of the recorded one."""
    found = []
    for champion, other, told in read_outs(arms):
        wanted = "the model's difference lies within the limits of the recorded one"
        times = _times(inputs.panel, teams, champion.name, other.name)
        said = None if times is None else _checks(inputs, model, times, seed)
        verdict = "passed" if said is not None and told.change.low <= said <= told.change.high else "failed"
        found.append(
            Check(
                f"arm {other.name}",
                said,
                told.change.low,
                told.change.high,
                wanted,
                "not_assessable" if said is None else verdict,
            )
        )
    return found


def _times(panel: PersonDays, teams: pl.DataFrame, champion: str, other: str) -> float | None:
    """Calls per account-day in the days after the assignment: the other arm's by the champion's."""
    first = (
        teams.filter(pl.col("arm").is_not_null())
        .sort("assigned_on")
        .unique("account_key", keep="first", maintain_order=True)
    )
    place = pl.DataFrame({"account_key": panel.accounts}).join(
        first.select(pl.col("account_key").cast(pl.Int64), "arm", pl.col("assigned_on").to_physical().alias("at")),
        on="account_key",
        how="left",
        maintain_order="left",
    )
    at, arm = place["at"].fill_null(-1_000_000).to_numpy()[panel.spell], place["arm"].fill_null("").to_numpy()
    near = (panel.day > at) & (panel.day <= at + WITHIN_DAYS)
    rates = []
    for name in (champion, other):
        mine = near & (arm == name)[panel.spell]
        rates.append(float((panel.dials[mine] > 0).mean()) if mine.any() else None)
    return None if rates[0] is None or rates[1] is None or rates[0] == 0 else rates[1] / rates[0]


def _checks(inputs: SimulationInputs, model: Hazard | HiddenFactor, times: float, seed: int) -> float | None:
    """Change of the share of new spells with a payment within the days, were all called so many times as often."""
    hidden = None if isinstance(model, Hazard) else model
    hazard = model if isinstance(model, Hazard) else model.hazard
    inputs = inputs if hidden is None else replace(inputs, listed=hidden.listed)
    shares = []
    for policy in (Policy(), Policy(capacity=times)):
        runs = [run_days(inputs, hazard, policy, Run(seed, number, hidden=hidden)) for number in range(REPLICATES)]
        shares.append([_share(inputs, each) for each in runs])
    told = [[each for each in side if each is not None] for side in shares]
    return float(np.mean(told[1]) - np.mean(told[0])) if all(told) else None


def _share(inputs: SimulationInputs, run: Outcome) -> float | None:
    n_days = inputs.last - inputs.first + 1
    young = (run.age <= NEW_UP_TO) & (run.entry <= n_days - WITHIN_DAYS)
    paid = (run.paid_at >= 0) & (run.paid_at - run.entry < WITHIN_DAYS)
    return float(paid[young].mean()) if young.any() else None
