"""What the Worklist page makes of its frames."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from duewatch.charts.theme import Labels
from duewatch.charts.worklist import todo_bars
from duewatch.compliance.process_rules import load_process, with_values
from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.worklist import summary as worklist

DAY = date(2026, 11, 1)
ITEMS = pl.DataFrame(
    {
        "todo": ["promise_due", "crossing", "promise_due", "dispute_late", "untouched"],
        "account_id": ["A1", "A1", "A2", "A3", "A4"],
        "product": ["p"] * 5,
        "branch": ["b"] * 5,
        "item_id": ["Z1", "M2", "Z2", "S1", "C1"],
        "days_past_due": [30, 30, 2, None, 50],
        "balance": [Decimal(9), Decimal(9), Decimal(70), None, Decimal(5)],
        "block": ["due", "crossing", "due", "disputes", "untouched"],
    },
    schema_overrides={"balance": pl.Decimal(18, 2)},
)
HOLDS = pl.DataFrame({"account_id": ["A2", "A2", "A3"], "kind": ["attorney", "dispute", "dispute"]})


def answers(**clearance: str) -> pl.DataFrame:
    return pl.DataFrame(
        [(name, found, f"{DAY}T08:00:00+08:00", "hours", "clause") for name, found in clearance.items()],
        dict.fromkeys(("account_id", "clearance", "next_at", "rule_title", "cite"), pl.String),
        orient="row",
    )


def test_each_account_stands_once_and_its_things_add_up() -> None:
    rows = worklist.accounts(ITEMS)
    assert rows["account_id"].to_list() == ["A1", "A2", "A4", "A3"]
    assert rows["n_things"].sum() == ITEMS.height
    assert rows["todos"][0].to_list() == ["promise_due", "crossing"]


def test_a_stop_on_file_closes_an_account_that_the_packs_leave_open_and_a_dispute_alone_does_not() -> None:
    told = worklist.cleared(worklist.accounts(ITEMS), answers(A1="today", A2="today", A3="today"), HOLDS)
    found = dict(zip(told["account_id"], told["clearance"], strict=True))
    assert found == {"A1": "today", "A2": "held", "A3": "today", "A4": "not_asked"}
    held = told.filter(pl.col("clearance") == "held").row(0, named=True)
    assert (held["next_at"], held["cite"], held["holds"]) == (None, None, ["attorney", "dispute"])


def test_a_rule_that_forbids_a_call_is_told_before_a_hold() -> None:
    told = worklist.cleared(worklist.accounts(ITEMS), answers(A2="never"), HOLDS).filter(pl.col("account_id") == "A2")
    assert (told["clearance"].item(), told["cite"].item()) == ("never", "clause")


def test_open_accounts_come_first_and_otherwise_keep_their_order() -> None:
    told = worklist.cleared(worklist.accounts(ITEMS), answers(A1="later", A2="never", A3="today", A4="today"), HOLDS)
    assert worklist.in_order(told)["account_id"].to_list() == ["A4", "A3", "A1", "A2"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_headline_counts_what_may_not_be_called_of_what_was_asked(language: str) -> None:
    rows = worklist.cleared(worklist.accounts(ITEMS), answers(A1="later", A2="today", A3="unknown"), HOLDS)
    said = worklist.headline(words_in(language), Numbers(language, "CNY"), DAY, ITEMS, rows, is_asked=True)
    numbers = [int(text) for text in "".join(c if c.isdigit() else " " for c in said).split()]
    assert sorted(set(numbers) - {1, 11, 2026}) == [3, 4, 5]  # 5 things, 4 accounts, 3 asked, 3 closed


def test_the_bars_hold_every_thing_once() -> None:
    frame = pl.DataFrame({"clearance": ["today", "later", "never", "held", "unknown", "not_asked", "today"]})
    rows = worklist.by_clearance({"due": frame, "broken": frame.head(1)})
    names = {part: part for part in ("today", "later", "closed", "unknown")}
    figure = todo_bars(rows, Labels("F", False, x="n"), titles=["a", "b"], names=names, text_of=str)
    assert [sum(bar.x[n] for bar in figure.data) for n in (0, 1)] == [7, 1]
    assert {bar.name: list(bar.x) for bar in figure.data} == {
        "today": [2, 1],
        "later": [1, 0],
        "closed": [2, 0],
        "unknown": [2, 0],
    }


def test_a_plan_is_made_of_the_allowed_calls_alone() -> None:
    rows = worklist.cleared(worklist.accounts(ITEMS), answers(A1="today", A2="today", A3="later"), HOLDS)
    assert worklist.plan(rows).rows() == [("A1", f"{DAY}T08:00:00+08:00", "call")]


def test_days_for_disputes_are_those_of_the_process_in_force() -> None:
    process = with_values(load_process(), {"dispute_answered.answer_days": "12"})
    assert worklist.dispute_days(process, DAY)["answer_days"] == 12
    assert worklist.dispute_days(process, date(1990, 1, 1)) == {}
