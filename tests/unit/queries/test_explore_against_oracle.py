"""Groups, sums and limits of Explore agree with plain Python on invented books."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from datetime import date
from decimal import Decimal
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.draws import draws
from tests.support.small_books import account, bucket_of, engine_over, snapshot
from tests.unit.queries.collection_books import ask
from tests.unit.queries.collection_oracle import as_sure, wilson_at

RECOMPUTES = {"average_balance": "explore/segments"}
"""Metric to what is called here for the number that is computed a second time."""


DAYS = (date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31))
AS_OF = DAYS[-1]
AMOUNTS = [Decimal(text) for text in ("0.00", "999.99", "1000.00", "4999.99", "5000.00", "30000.10", "250000.00")]
ACCOUNTS = st.lists(
    st.fixed_dictionaries(
        {
            "debtor_key": st.integers(1, 5),
            "product": st.sampled_from(["loan", "card"]),
            "branch": st.sampled_from(["north", "south", None]),
            "currency": st.sampled_from(["CNY", "CNY", "USD"]),
            "opened_on": st.sampled_from([date(2024, 5, 1), date(2025, 2, 1)]),
        }
    ),
    min_size=1,
    max_size=14,
)
STATES = st.lists(
    st.lists(
        st.none()
        | st.tuples(
            st.sampled_from([0, 1, 30, 31, 90, 91, 200]),
            st.sampled_from(AMOUNTS),
            st.sampled_from([None, None, None, "paid_off", "written_off"]),
            st.sampled_from(["low", "high", None]),
        ),
        min_size=3,
        max_size=3,
    ),
    min_size=14,
    max_size=14,
)
REGIONS = {1: "east", 2: "west", 3: None}
DIMS = ["product", "branch", "bucket", "risk_grade", "balance_band", "opened_year", "region", "none"]
LEAST = 2
Unit = dict[str, Any]


def band(balance: Decimal) -> str:
    for bound in (1000, 5000, 20000, 100000):
        if balance < bound:
            return f"to_{bound}"
    return "from_100000"


def standing(accounts: list[Unit], states: list[list[Any]], measure: str) -> list[Unit]:
    """One unit for each account in a bucket on AS_OF."""
    units = []
    for key, (made, seen) in enumerate(zip(accounts, states, strict=False)):
        if seen[2] is None or seen[2][2] in ("paid_off", "written_off"):
            continue
        days, balance, _, grade = seen[2]
        part = {
            "overdue_balance": balance if days > 0 else 0,
            "ninety_plus_balance": balance if days > 90 else 0,
            "overdue_accounts": int(days > 0),
            "balance": balance,
        }[measure]
        units.append(
            {
                "currency": made["currency"],
                "debtor": made["debtor_key"],
                "account": key,
                "product": made["product"],
                "branch": made["branch"] or "unknown",
                "bucket": bucket_of(days),
                "risk_grade": grade or "unknown",
                "balance_band": band(balance),
                "opened_year": str(made["opened_on"].year),
                "region": REGIONS.get(made["debtor_key"]) or "unknown",
                "none": "all",
                "part": Decimal(part),
                "whole": Decimal(1) if measure in ("overdue_accounts", "balance") else balance,
            }
        )
    return units


def limits(units: list[Unit], kind: str) -> tuple[float | None, float | None, float | None]:
    """Value and limits by the formulas of Cochran, Kish and Wilson, written out."""
    part, whole = sum(unit["part"] for unit in units), sum(unit["whole"] for unit in units)
    if not whole:
        return None, None, None
    ratio = float(part) / float(whole)
    whose = "account" if kind.endswith("accounts") else "debtor"
    clusters: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for unit in units:
        clusters[unit[whose]][0] += float(unit["part"])
        clusters[unit[whose]][1] += float(unit["whole"])
    k = len(clusters)
    squares = sum((x - ratio * d) ** 2 for x, d in clusters.values())
    half = 1.959964 * sqrt(squares * k / (k - 1)) / float(whole) if k > 1 else 0.0
    if kind in ("wilson", "clustered"):
        n = float(whole)
        if kind == "clustered" and half > 1e-12 and 0 < ratio < 1:
            n = min(n, ratio * (1 - ratio) / (half / 1.959964) ** 2)
        return ratio, *wilson_at(ratio, n)
    if not kind.startswith("amount"):
        return ratio, *as_sure([x for x, _ in clusters.values()], [d for _, d in clusters.values()])
    return ratio, *((None, None) if half is None or half < 1e-12 else (max(ratio - half, 0), ratio + half))


@draws(30)
@given(
    accounts=ACCOUNTS,
    states=STATES,
    dims=st.permutations(DIMS),
    measure=st.sampled_from(
        [
            ("overdue_balance", "share"),
            ("ninety_plus_balance", "share"),
            ("overdue_accounts", "wilson"),
            ("balance", "amount"),
            ("overdue_accounts", "clustered"),
            ("overdue_balance", "accounts"),
            ("balance", "amount_accounts"),
        ]
    ),
)
def test_groups_sums_and_limits_agree_with_plain_python(accounts, states, dims, measure) -> None:  # type: ignore[no-untyped-def]
    dim_1, dim_2 = dims[:2]
    wanted: dict[tuple[str, str, str], list[Unit]] = defaultdict(list)
    for unit in standing(accounts, states, measure[0]):
        wanted[unit["currency"], unit[dim_1], unit[dim_2]].append(unit)
    with tempfile.TemporaryDirectory() as folder, closing(_book(Path(folder), accounts, states)) as engine:
        asked = {"as_of": AS_OF, "measure": measure[0], "dim_1": dim_1, "dim_2": dim_2}
        found = ask(engine, "explore/segments", limits=measure[1], least=LEAST, **asked)
        listed = ask(engine, "explore/segment_units", group_1="all", group_2="all", **asked)
    assert {(row["currency"], row["group_1"], row["group_2"]) for row in found} == set(wanted)
    assert len(listed) == sum(map(len, wanted.values()))
    for row in found:
        units = wanted[row["currency"], row["group_1"], row["group_2"]]  # type: ignore[index]
        sums = (len(units), sum(u["part"] for u in units), sum(u["whole"] for u in units))
        assert (row["n_units"], row["numerator"], row["denominator"]) == sums
        assert row["n_debtors"] == len({unit["debtor"] for unit in units})
        value, low, high = limits(units, measure[1]) if len(units) >= LEAST else (None, None, None)
        for name, number in (("value", value), ("low", low), ("high", high)):
            assert row[name] == (None if number is None else pytest.approx(number, rel=1e-7, abs=1e-7)), name


def _book(folder: Path, accounts: list[Unit], states: list[list[Any]]) -> Any:
    rows = [account(key, **{**made, "debtor_key": made["debtor_key"]}) for key, made in enumerate(accounts)]
    seen = [
        {**snapshot(key, day, state[0], state[1], state[2]), "risk_grade": state[3]}
        for key, _ in enumerate(accounts)
        for day, state in zip(DAYS, states[key], strict=True)
        if state is not None
    ]
    debtors = [{"debtor_key": key, "debtor_id": f"D{key}", "region": REGIONS.get(key)} for key in range(1, 6)]
    return engine_over(folder, accounts=rows, snapshots=seen, debtors=debtors)


STRETCH: list[tuple[date, str]] = [
    (date(2026, 8, 30), "unknown"),
    (date(2026, 8, 31), "M1"),
    (date(2026, 9, 29), "M1"),
    (date(2026, 9, 30), "M2"),
    (AS_OF, "M2"),
]


@pytest.mark.parametrize(("day", "bucket"), STRETCH)
def test_an_account_stands_as_its_last_snapshot_says_until_the_next(day: date, bucket: str, tmp_path: Path) -> None:
    days: list[tuple[date, int]] = [(date(2026, 8, 31), 5), (date(2026, 9, 30), 35), (date(2026, 11, 30), 96)]
    seen = [snapshot(1, on, late, "10.00") for on, late in days]
    within: Callable[[dict[str, Any]], bool] = lambda row: row["seen_on"] <= day < row["next_on"]  # noqa: E731
    with closing(engine_over(tmp_path, accounts=[account(1)], snapshots=seen)) as engine:
        rows = [row for row in ask(engine, "explore/account_states", as_of=AS_OF) if within(row)]
    assert [row["bucket"] for row in rows] == [bucket]
