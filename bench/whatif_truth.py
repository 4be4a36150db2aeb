"""What a cap on calls truly did to the invented lender, beside what the what-if model says of the book without it.

    python bench/whatif_truth.py [--lives 12] [--fits 2] [--first 1] [--accounts 20000] [--judgement hidden]

The truth: lives of several seeds, each with the cap from the first day of the period and without it. A pair of lives
differs by chance too, so the change is a mean over seeds with its standard error. The model: the book without the cap,
asked for the same cap and days, whether its checks would show the answer or refuse it. Changes are shares of what was
without the cap; freed calls go to the next account on both sides. Both count the planted accounts, whom no call
moves: each payment by their script as one cured. Not a timed test: it says how far the model is off.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from duewatch.books.published import current_book
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.demo import JUDGEMENTS, lives, write_demo
from duewatch.demo.conduct import CHANNEL, OUTCOME, PURPOSE
from duewatch.demo.ledger import APP, TRANSFER
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ingest import ingest
from duewatch.whatif.counterfactual import Sides, compare, policy_of
from duewatch.whatif.hazard import limits
from duewatch.whatif.model_fit import fit, silent
from duewatch.whatif.model_types import ModelSettings
from duewatch.whatif.scenario import Scenario

AS_OF, FIRST, MONTHS = date(2026, 10, 31), date(2026, 9, 1), 12
CAPS = ((1, 7), (0, 30))
"""Calls in so many dates; the second is no calls at all."""
MEASURES = ("cash", "cured", "talks")
CURRENCIES = ("CNY", "USD")


def counted(accounts: int, seed: int, judgement: str, cap: tuple[int, int] | None) -> np.ndarray:
    """Currency by measure: cents paid while late, spells ended and talks of the lender's calls, in the period."""
    found = np.zeros((2, 3))
    given = None if cap is None else (*cap, FIRST)
    for chunk in lives(accounts=accounts, months=MONTHS, seed=seed, as_of=AS_OF, judgement=judgement, call_cap=given):
        usd, since = chunk.book.usd.astype(np.int64), chunk.ledger.days.day_of(FIRST)
        paid, log = chunk.ledger.log, chunk.cases.contacts
        late = (paid.column("day") >= since) & np.isin(paid.column("method"), (APP, TRANSFER))
        found[:, 0] += np.bincount(usd[paid.column("acc")[late]], paid.column("amount")[late], 2)
        for day, acc in chunk.cases.ended:
            if day >= since:
                found[:, 1] += np.bincount(usd[acc], minlength=2)
        scripted = late & (paid.column("method") == TRANSFER) & chunk.book.reserved[paid.column("acc")]
        found[:, 1] += np.bincount(usd[paid.column("acc")[scripted]], minlength=2)
        talk = (log.column("day") >= since) & (log.column("outcome") == OUTCOME["conversation"])
        talk &= (log.column("channel") == CHANNEL["call"]) & (log.column("direction") == 0)
        talk &= log.column("purpose") == PURPOSE["demand"]
        found[:, 2] += np.bincount(usd[log.column("acc")[talk]], minlength=2)
    return found


def truths(accounts: int, judgement: str, n: int) -> None:
    free = [counted(accounts, seed, judgement, None) for seed in range(1, n + 1)]
    for cap in CAPS:
        changes = [counted(accounts, seed, judgement, cap) / free[seed - 1] - 1 for seed in range(1, n + 1)]
        mean, error = np.mean(changes, axis=0), np.std(changes, axis=0, ddof=1) / np.sqrt(n)
        for place, currency in enumerate(CURRENCIES):
            told = (f"{m} {100 * mean[place, k]:+.2f} (se {100 * error[place, k]:.2f})" for k, m in enumerate(MEASURES))
            print(f"truth   {cap[0]} in {cap[1]:>2} {currency}  {'  '.join(told)}", flush=True)


def model(accounts: int, judgement: str, seed: int) -> None:
    """The model's changes with the sampling band (95 %) and the band of confounding, in hundredths of today's."""
    settings = replace(ModelSettings(), origins=1, forecasts=2)
    with tempfile.TemporaryDirectory() as folder:
        source, books = Path(folder) / "source", Path(folder) / "books"
        write_demo(source, accounts=accounts, months=MONTHS, seed=seed, as_of=AS_OF, judgement=judgement)
        ingest(source, books=books)
        with closing(DuckDBEngine(current_book(books), Settings())) as engine:
            known = fit(
                lambda name, params: engine.run(name, params, WHOLE_BOOK, 600.0),
                period=(FIRST, AS_OF),
                settings=settings,
                seed=seed,
            )
            for cap in CAPS:
                asked = policy_of(Scenario(levers=(("cap_days", cap[1]), ("cap_max", cap[0]))), 1.0)
                for currency, part in known.parts.items():
                    if part is None:
                        continue
                    sides = Sides(part, policy_of(Scenario(), 1.0), asked, None, seed)
                    print(f"model {seed} {cap[0]} in {cap[1]:>2} {currency}  {_told(sides, settings)}", flush=True)


def _told(sides: Sides, settings: ModelSettings) -> str:
    found = compare(sides, settings, silent)
    parts = []
    for name in MEASURES:
        one, two = (float(side.sum()) for side in found.sides[name])
        drawn = np.array([float(str(row["difference"])) for row in found.draws if row["measure"] == name]) / one * 100
        bands = [float(str(row["difference"])) / one * 100 for row in found.bands if row["measure"] == name]
        low, high = limits(100 * (two / one - 1), drawn)
        parts.append(
            f"{name} {100 * (two / one - 1):+.2f} [{low:+.2f}, {high:+.2f}] <{min(bands):+.2f}, {max(bands):+.2f}>"
        )
    return "  ".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description="Hold the what-if model against the truth of the invented lender.")
    parser.add_argument("--lives", type=int, default=12, help="seeds of the truth")
    parser.add_argument("--fits", type=int, default=2, help="books that the model is fitted to")
    parser.add_argument("--first", type=int, default=1, help="seed of the first book that the model is fitted to")
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--judgement", choices=JUDGEMENTS, default="hidden")
    given = parser.parse_args()
    if given.lives:
        truths(given.accounts, given.judgement, given.lives)
    for seed in range(given.first, given.first + given.fits):
        model(given.accounts, given.judgement, seed)


if __name__ == "__main__":
    main()
