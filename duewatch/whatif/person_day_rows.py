"""The rows of `PersonDays`, built from the answers of the queries."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from duewatch.whatif import call_eligibility as eligibility
from duewatch.whatif.contact_features import (
    AGE_FROM,
    FRESH_DAYS,
    LATE,
    balance_band,
    behind_band,
    cuts_of,
    depth_band,
    exposures,
    month_band,
    rows_since,
    since_band,
    touched,
)
from duewatch.whatif.features_as_of import FeaturesAsOf, Floats, Ints, arrears, promise_band, promised, team
from duewatch.whatif.person_days import PersonDays


def build(
    spells: pl.DataFrame,
    happened: pl.DataFrame,
    first: date,
    last: date,
    known: FeaturesAsOf | None = None,
    cuts: Floats | None = None,
) -> PersonDays:
    """From `overdue_spells` and `person_days`. Days before `first` are used for what was known, and hold no row.
    `cuts`: between bands of arrears; else such that the bands are alike in size."""
    known = known or FeaturesAsOf()
    spells = spells.sort("account_key", "spell_no")
    start, end = _number(spells["started_on"]), _number(spells["ended_on"].fill_null(last)) + 1
    begin, stop = np.maximum(start + 1, _day(first)), np.minimum(end, _day(last))
    length = np.maximum(stop - begin + 1, 0)
    spell = np.repeat(np.arange(len(length)), length)
    offset = np.arange(len(spell)) - np.repeat(np.cumsum(length) - length, length)
    day = begin[spell] + offset
    accounts = spells["account_key"].to_numpy().astype(np.int64)
    account = accounts[spell]
    told = _looked_up(account, day, happened)
    dials, reached = told["n_dials"].to_numpy(), told["n_reached"].to_numpy()
    amount = told["amount"].to_numpy()
    paid = (amount > 0).astype(np.int64)
    since = rows_since(spell, paid)
    owed, instalment, planned_to = arrears(account, day, known.arrears)
    cuts = cuts_of(owed) if cuts is None else cuts
    made, due = promised(account, day, known.promises)
    band, balance = np.searchsorted(AGE_FROM, day - start[spell], "right"), balance_band(owed, cuts)
    grades = _dense(spells["risk_grade"].to_numpy())[1]
    products, product = _dense(spells["product"].to_numpy())
    past = np.minimum(spells["spell_no"].to_numpy() - 1, 2)
    codes = np.stack(
        [
            band,
            grades[spell],
            product[spell],
            past[spell],
            since_band(since),
            (day + 3) % 7,
            month_band(day),
            team(account, day, known.teams),
            balance,
            depth_band(owed, instalment),
            np.where(band >= LATE, balance, 0),
            behind_band(day - start[spell], owed, instalment),
        ]
    ).astype(np.int64)
    promise = promise_band(day, made, due, since)
    seen, marks = exposures(spell, dials, reached, promise, day - made <= FRESH_DAYS, codes[0])
    talked_since = rows_since(spell, reached)
    reminded = eligibility.reminders(spells, known.reminders)
    stands = np.stack(
        [
            eligibility.states(account, day, known.states),
            eligibility.arms(account, day, known.teams),
            eligibility.reminded_band(day, reminded[spell]),
            eligibility.talked_band(talked_since),
        ]
    )
    return PersonDays(
        spell=spell,
        debtor=spells["debtor_key"].to_numpy().astype(np.int64)[spell],
        day=day,
        age=day - start[spell],
        codes=codes,
        dials=dials,
        reached=reached,
        hour=told["first_hour"].to_numpy(),
        seen=seen,
        marks=marks,
        promise=promise,
        touched=touched(spell, dials, reached),
        standing=stands,
        made=made,
        due=due,
        owed=owed,
        instalment=instalment,
        planned_to=planned_to,
        paid=paid,
        amount=amount,
        is_last=(day == end[spell]) & spells["ended_on"].is_not_null().to_numpy()[spell],
        levels=tuple(int(row.max()) + 1 if len(row) else 1 for row in codes),
        stand_levels=eligibility.levels(stands),
        accounts=accounts,
        reminded=reminded,
        cuts=cuts,
        products=tuple(str(each) for each in products),
    )


def _looked_up(account: Ints, day: Ints, happened: pl.DataFrame) -> pl.DataFrame:
    rows = pl.DataFrame({"account_key": account, "day": day})
    hour = pl.col("first_hour") if "first_hour" in happened.columns else pl.lit(None)
    told = happened.select(
        pl.col("account_key").cast(pl.Int64),
        pl.col("happened_on").to_physical().cast(pl.Int64).alias("day"),
        "n_dials",
        "n_reached",
        hour.cast(pl.Int64).fill_null(-1).alias("first_hour"),
        pl.col("amount").cast(pl.Float64),
    )
    found = rows.join(told, on=["account_key", "day"], how="left", maintain_order="left")
    return found.with_columns(pl.col("first_hour").fill_null(-1), pl.exclude("first_hour").fill_null(0))


def _dense(values: NDArray[np.generic]) -> tuple[NDArray[np.generic], Ints]:
    names, codes = np.unique(values.astype(str), return_inverse=True)
    return names, np.asarray(codes, dtype=np.int64)


def _number(days: pl.Series) -> Ints:
    return days.to_physical().to_numpy().astype(np.int64)


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days
