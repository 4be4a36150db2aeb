"""Breaches counted as the rule counts and account by account: by plain loops over the calls, on a line of the model."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duewatch.books.published import current_book
from duewatch.compliance.packs import load_packs
from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.contract.settings import Settings
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.whatif import scenarios as ui
from duewatch.whatif import counting_gap as counting
from duewatch.whatif.comparison import side_by_side
from duewatch.whatif.query_session import ScenarioInputs, open_session, period_of
from duewatch.whatif.report.table import _counting
from duewatch.whatif.result import Counting, Line, Report
from duewatch.whatif.scenario import Scenario

PACKS = load_packs()
DAY = date(2026, 10, 1)
CONTACTS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 9), st.sampled_from(["call", "call", "sms"])),
    max_size=40,
)
"""Debtor, which of the two accounts of that debtor, day, channel."""


def past(days: list[int], n: int, width: int) -> int:
    """Calls that find n or more in the dates up to and with their own."""
    days = sorted(days)
    return sum(sum(1 for other in days[:at] if day - other < width) >= n for at, day in enumerate(days))


@settings(max_examples=80, deadline=None)
@given(contacts=CONTACTS, n=st.integers(0, 3), width=st.integers(1, 7))
def test_both_counts_are_those_of_a_loop_over_calls(
    contacts: list[tuple[int, int, int, str]], n: int, width: int
) -> None:
    rows, places = [], dict.fromkeys(range(3), 0)
    for debtor, which, day, channel in sorted(contacts, key=lambda each: (each[0], each[2])):
        places[debtor] += 1
        rows.append(
            {
                "account_id": f"{debtor}{which}",
                "local_date": DAY + timedelta(days=day),
                "channel": channel,
                "place": places[debtor],
            }
        )
    schema = {"account_id": pl.String, "local_date": pl.Date, "channel": pl.String, "place": pl.Int64}
    actual = counting.past_twice(pl.DataFrame(rows, schema=schema), n, width)
    calls = [each for each in contacts if each[3] == "call"]
    debtors = [[day for other, _, day, _ in calls if other == debtor] for debtor in range(3)]
    accounts = [[c[2] for c in calls if c[:2] == (debtor, which)] for debtor in range(3) for which in range(2)]
    assert actual.height == len(calls)
    assert actual["is_over_by_rule"].sum() == sum(past(each, n, width) for each in debtors)
    assert actual["is_over_by_account"].sum() == sum(past(each, n, width) for each in accounts)


def test_the_log_of_a_book_is_counted_twice_by_the_limit_of_today(
    demo_book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One call a day in place of the house's ten, so that there is something to count."""
    monkeypatch.setattr(counting, "limit_of", lambda _: (1, 1))
    with open_session(current_book(demo_book), Settings()) as asks:
        period = period_of(asks.scoped, Scenario())
        actual = counting.counting_by_currency(ScenarioInputs(PACKS, Settings(), asks, period), Scenario())
        scoped = asks.scoped("whatif/person_days", {"from_date": period[0], "to_date": period[1], "permille": 1000})
    assert set(actual) == {"CNY", "USD"}
    both = actual.values()
    assert {(each.rule_id, each.scope, each.max_count, each.days) for each in both} == {
        ("house.daily_contacts", ("debtor",), 1, 1)
    }
    assert all(each.n_by_rule >= each.n_by_account for each in both)
    n_more = sum(max(0, each - 1) for each in scoped["n_dials"].to_list())
    assert 0 < sum(each.n_by_account for each in both) <= n_more, "of all calls to debtors, those that the rule counts"


def test_a_scenario_with_another_limit_is_counted_beside_today(demo_book: Path) -> None:
    two = Scenario(levers=(("cap_days", 7), ("cap_max", 2)))
    with open_session(current_book(demo_book), Settings()) as asks:
        period = period_of(asks.scoped, two)
        actual = counting.counting_by_currency(ScenarioInputs(PACKS, Settings(), asks, period), two)
        alone = counting.counting_by_currency(ScenarioInputs(PACKS, Settings(), asks, period), Scenario())
    for currency, each in actual.items():
        assert each.scenario is not None
        assert (each.scenario.max_count, each.scenario.days, each.scenario.scenario) == (2, 7, None)
        assert each.scenario.n_by_rule >= each.scenario.n_by_account > each.n_by_account
        assert alone[currency].scenario is None
        assert (alone[currency].n_by_rule, alone[currency].n_by_account) == (each.n_by_rule, each.n_by_account)


def test_a_cap_that_is_not_in_days_is_not_counted_so(demo_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "limit_of", lambda _: None)
    with open_session(current_book(demo_book), Settings()) as asks:
        assert counting.counting_by_currency(ScenarioInputs(PACKS, Settings(), asks, (DAY, DAY)), Scenario()) == {}


def test_a_line_says_how_it_counts_in_its_row_a_sentence_and_both_languages() -> None:
    told = Counting(
        "house.daily_contacts",
        ("contact_point", "debtor"),
        10,
        1,
        3,
        2,
        Counting("house.daily_contacts", ("contact_point", "debtor"), 2, 7, 1_412, 1_409),
    )
    line = Line("CNY", "model_breaches", "contacts", "L2", 3.0, 2.0, counting=told)
    row = Report((line,), None).frame().row(0, named=True)  # type: ignore[arg-type]
    assert (row["counted_by"], row["rule_counts_by"]) == ("account", "contact_point+debtor")
    assert (row["n_past_by_rule"], row["n_past_by_account"]) == (3, 2)
    assert (row["n_past_by_rule_scenario"], row["n_past_by_account_scenario"]) == (1_412, 1_409)
    (sentence,) = _counting(side_by_side([("A", [line]), ("B", [line])]))
    assert "counts calls by account; house.daily_contacts counts by contact_point and debtor" in sentence
    assert "3 lie past 10 in one date counted as the rule does, 2 counted by account; 1,412 lie past 2 in 7" in sentence
    assert sentence.endswith("counted as the rule does, 1,409 counted by account.")
    for language in LANGUAGES:
        words = words_in(language)
        shown = ui.counting_text(SimpleNamespace(words=words, numbers=Numbers(language, "CNY")), [line])  # type: ignore[arg-type]
        assert "1,412" in shown
        assert "1,409" in shown
        assert words("whatif.counts_by.contact_point") in shown
    assert _counting(side_by_side([("A", [Line("CNY", "model_cash", "money", "L2", 1.0, 2.0)])])) == []
