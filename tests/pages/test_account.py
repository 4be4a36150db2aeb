"""The Account page on a demo book: its numbers are its rows, and what is not yours is not there."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from duewatch.books.published import current_book
from duewatch.contract.i18n import words_in
from duewatch.contract.scope import WHOLE_BOOK, Scope
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ui.parts.table import LINK
from duewatch.ui.shell import frame
from duewatch.ui.shell.access import Grant
from tests.support.pages import AS_OF, an_account, opened

WORDS = words_in("en")


@pytest.fixture(autouse=True)
def _book(demo_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))


def test_the_tiles_and_the_list_say_what_the_queries_say(demo_book: Path) -> None:
    account = an_account("USD")
    engine = DuckDBEngine(current_book(demo_book), Settings())
    given = {"account_id": account, "as_of": AS_OF}
    facts = engine.run("accounts/account_facts", given, WHOLE_BOOK).row(0, named=True)
    sizes = {
        name: engine.run(f"accounts/account_{name}", given, WHOLE_BOOK).height
        for name in ("contacts", "payments", "terms", "findings")
    }
    ledger = engine.run("promises/promise_ledger", {"as_of": AS_OF}, WHOLE_BOOK)
    engine.close()
    at = opened("account", lang="en", account=account, currency="CNY")
    assert not at.exception, at.exception
    shown = {metric.label: metric.value for metric in at.metric}
    assert shown[WORDS("metric.account_days.name")] == str(facts["days_past_due"])
    assert shown[WORDS("metric.account_contacts.name")] == str(sizes["contacts"])
    assert shown[WORDS("metric.account_balance.name")].startswith("$"), "in its own currency, whatever is picked"
    events = next(table.value for table in at.dataframe if "told" in table.value.columns)
    n_promises = ledger.filter(ledger["account_id"] == account).height
    assert len(events) == sum(sizes.values()) + n_promises > 20
    assert events["happened_on"].is_monotonic_decreasing
    ways = next(table.value for table in at.dataframe if "clearance" in table.value.columns)
    assert ways["channel"].tolist() == [
        WORDS(f"channel.{name}") for name in ("call", "sms", "email", "app", "letter", "visit")
    ]


def test_an_account_out_of_scope_is_told_exactly_like_one_that_is_not_there(
    demo_book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = an_account("CNY")
    engine = DuckDBEngine(current_book(demo_book), Settings())
    rows = engine.run("portfolio/accounts_on_day", {"as_of": AS_OF}, WHOLE_BOOK.narrowed(currencies=("CNY",)))
    engine.close()
    (own,) = rows.filter(rows["account_id"] == account)["branch"]
    other = min(set(rows["branch"].drop_nulls()) - {own})
    sentences = []
    for branch, number in ((other, account), (other, "no such account"), (own, "no such account")):
        monkeypatch.setattr(frame, "grant_of_session", lambda branch=branch: Grant(Scope((branch,), None, None)))
        at = opened("account", lang="en", account=number)
        assert not at.exception
        assert not [*at.metric, *at.dataframe, *at.get("plotly_chart"), *at.subheader]
        sentences.append([info.value for info in at.info])
    assert sentences == [[WORDS("account.not_found")]] * 3
    monkeypatch.setattr(frame, "grant_of_session", lambda: Grant(Scope((own,), None, None)))
    assert opened("account", lang="en", account=account).metric


def test_without_a_number_the_page_asks_for_one() -> None:
    at = opened("account", lang="zh", account="")
    assert [info.value for info in at.info] == [words_in("zh")("account.ask")]


def test_every_account_in_a_table_has_a_link_to_its_page_with_the_picks_kept_and_its_plain_number() -> None:
    at = opened("overview", lang="en", currency="USD", as_of=AS_OF)
    tables = [table.value for table in at.dataframe if "account_id" in table.value.columns]
    assert tables
    for table in tables:
        for account, link in zip(table["account_id"], table[LINK], strict=True):
            parts = urlsplit(link)
            given = parse_qs(parts.query)
            assert parts.path == "account"
            assert given["account"] == [account]
            assert (given["lang"], given["currency"], given["as_of"]) == (["en"], ["USD"], [AS_OF])


def test_the_page_is_reached_by_link_and_not_from_the_menu() -> None:
    assert set(frame.BY_LINK) == {"account"}
    assert frame._page(WORDS, "account").visibility == "hidden"
    assert frame._page(WORDS, "worklist").visibility == "visible"
