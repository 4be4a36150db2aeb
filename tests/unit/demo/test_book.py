"""The simulated book against plain Python, and against the parameters that truth.json names."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from duewatch.demo import write_demo
from tests.unit.demo.conftest import Demo


def _oldest_unpaid(due: list[tuple[date, Decimal]], paid: Decimal) -> date | None:
    """The due date of the oldest instalment that `paid` does not cover, payments allocated oldest first."""
    for due_on, amount in sorted(due):
        if paid < amount:
            return due_on
        paid -= amount
    return None


def test_days_past_due_of_each_snapshot_follow_from_instalments_and_payments(demo: Demo) -> None:
    due: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for account, due_on, amount in demo.good("instalments").select("account_id", "due_on", "amount").iter_rows():
        due[account].append((date.fromisoformat(due_on), Decimal(amount)))
    paid: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for account, paid_on, amount in demo.good("payments").select("account_id", "paid_on", "amount").iter_rows():
        paid[account].append((date.fromisoformat(paid_on), Decimal(amount)))
    wrong = []
    columns = ("account_id", "as_of", "days_past_due", "overdue_amount")
    for account, text, days, overdue in demo.good("snapshots").select(columns).iter_rows():
        as_of = date.fromisoformat(text)
        received = sum((amount for day, amount in paid[account] if day <= as_of), Decimal(0))
        oldest = _oldest_unpaid(due[account], received)
        expected = max((as_of - oldest).days, 0) if oldest else 0
        owed = sum((amount for day, amount in due[account] if day < as_of), Decimal(0)) - received
        if int(days) != expected or Decimal(overdue) != max(owed, Decimal(0)):
            wrong.append((account, text, days, expected, overdue, owed))
    assert wrong == []


def test_a_balance_is_the_sum_of_its_parts(demo: Demo) -> None:
    parts = ("balance", "principal", "interest", "penalty", "fees")
    for cells in demo.good("snapshots").select(parts).iter_rows():
        balance, *rest = (Decimal(cell) for cell in cells)
        assert balance == sum(rest)


def test_a_paid_off_account_has_one_last_snapshot_of_balance_0(demo: Demo) -> None:
    seen: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for account, *rest in demo.good("snapshots").select("account_id", "as_of", "status", "balance").iter_rows():
        seen[account].append(tuple(rest))
    closed = [sorted(rows) for rows in seen.values() if any(row[1] == "paid_off" for row in rows)]
    assert len(closed) > 20
    assert all([row[1] for row in rows].index("paid_off") == len(rows) - 1 for rows in closed)
    assert {rows[-1][2] for rows in closed} == {"0.00"}


def test_most_accounts_are_current_and_buckets_shrink_with_age(demo: Demo) -> None:
    last = max(row["as_of"] for row in demo.truth["realised"]["aging"])
    count: Counter[str] = Counter()
    for row in demo.truth["realised"]["aging"]:
        if row["as_of"] == last and row["state"] != "paid_off":
            count[row["state"]] += row["n_accounts"]
    total = count.total()
    assert 0.80 < count["M0"] / total < 0.92
    assert 0.02 < count["M1"] / total < 0.09
    assert count["M1"] > count["M2"] > count["M4"] > 0
    assert count["written_off"] > 0


def test_truth_counts_the_snapshots_that_were_written(demo: Demo) -> None:
    assert sum(row["n_accounts"] for row in demo.truth["realised"]["aging"]) == demo.good("snapshots").height


def _fit(demo: Demo, with_judgement: bool) -> dict[str, float]:
    """Poisson regression by iterated least squares on the hazard cells, in plain numpy; log h by name."""
    cells = np.array(demo.truth["realised"]["hazard_cells"]["cells"], dtype=float)
    band, grade, weekend, payday, contact, third, days, payments = cells.T
    named = {"weekend": weekend, "payday": payday}
    named |= {f"contact{level}": (contact == level) * 1.0 for level in (1, 2, 3)}
    named |= {f"band{n}": (band == n) * 1.0 for n in range(9)}
    named |= {f"grade{n}": (grade == n) * 1.0 for n in (0, 2)}
    if with_judgement:
        named |= {f"third{n}": (third == n) * 1.0 for n in (0, 2)}
    x = np.column_stack(list(named.values()))
    beta = np.zeros(x.shape[1])
    beta[[n for n, name in enumerate(named) if name.startswith("band")]] = -4.0
    for _ in range(40):
        rate = days * np.exp(x @ beta)
        working = x @ beta + (payments - rate) / np.maximum(rate, 1e-9)
        weighted = x.T * rate
        beta = np.linalg.solve(weighted @ x + 1e-6 * np.eye(len(beta)), weighted @ working)
    return dict(zip(named, beta.tolist(), strict=True))


def test_weekends_paydays_and_contact_are_recovered_from_the_days_late(demo: Demo) -> None:
    terms, fit = demo.truth["parameters"], _fit(demo, with_judgement=True)
    assert abs(fit["weekend"] - terms["weekend_log_hazard"]) < 0.2
    assert abs(fit["payday"] - terms["payday_log_hazard"]) < 0.2
    assert abs(fit["contact1"] - terms["contact_log_hazard"]) < 0.25


def test_without_the_unlogged_judgement_the_effect_of_contact_looks_smaller(demo: Demo) -> None:
    assert _fit(demo, with_judgement=False)["contact1"] < _fit(demo, with_judgement=True)["contact1"] - 0.02


def _called_more_by_judgement(truth: dict[str, Any]) -> float:
    """Log ratio of days soon after a talk, accounts of high against low judgement, like accounts compared."""
    days: Counter[tuple[float, float, float, bool]] = Counter()
    for band, grade, _, _, contact, third, n, _ in truth["realised"]["hazard_cells"]["cells"]:
        days[band, grade, third, contact > 0] += n
    ratios, weights = [], []
    for band, grade in {(band, grade) for band, grade, _, _ in days}:
        low, high = ([days[band, grade, third, told] for told in (False, True)] for third in (0, 2))
        if min(*low, *high) > 0:
            ratios.append(np.log(high[1] / sum(high)) - np.log(low[1] / sum(low)))
            weights.append(1 / (1 / high[1] + 1 / low[1]))
    return float(np.average(ratios, weights=weights))


def test_collectors_who_go_by_the_log_alone_call_debtors_of_any_judgement_alike(demo: Demo, tmp_path: Path) -> None:
    write_demo(tmp_path, accounts=2_400, months=6, seed=3, judgement="logged")
    logged = Demo(tmp_path).truth
    assert logged["arguments"]["judgement"] == "logged"
    assert logged["parameters"] == demo.truth["parameters"] | {"call_judgement_log_odds": 0.0}
    assert _called_more_by_judgement(demo.truth) > 0.3
    assert abs(_called_more_by_judgement(logged)) < 0.15


def test_self_cure_is_common_and_promises_are_kept_more_often_when_near(demo: Demo) -> None:
    spells = demo.truth["realised"]["spells"]
    assert spells["ended_without_a_talk"] / spells["ended"] > 0.5
    near, far = Counter[str](), Counter[str]()
    for row in demo.truth["realised"]["promises_by_days_ahead"]:
        target = near if row["days"] <= 8 else far
        target.update(n=row["n"], kept=row["kept_drawn"])
    assert near["kept"] / near["n"] > far["kept"] / far["n"] + 0.05
