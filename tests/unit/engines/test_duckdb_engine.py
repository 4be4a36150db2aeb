"""The engine shows only what the scope allows, only from the book, and only for so long."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import duckdb
import pytest

from duewatch.contract.errors import QueryError, QueryTooSlowError
from duewatch.contract.i18n import words_in
from duewatch.contract.localised_errors import localised_sentence
from duewatch.contract.schema import BOOK_TABLES
from duewatch.contract.scope import NO_SCOPE, WHOLE_BOOK, Scope
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine, fetch_frame
from duewatch.engines.query_files import query_file
from tests.support.small_books import account, engine_over, made_book, snapshot

DAY = date(2026, 10, 31)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> DuckDBEngine:
    return engine_over(
        tmp_path_factory.mktemp("three_accounts"),
        debtors=[{"debtor_key": key, "debtor_id": f"D{key}"} for key in (1, 2, 3)],
        accounts=[account(1), account(2, branch="south"), account(3, branch=None, currency="USD", product="card")],
        snapshots=[snapshot(key, DAY, 10 * key, "100.00") for key in (1, 2, 3)],
        flags=[{"debtor_key": 2, "flag_id": "F2", "kind": "attorney", "valid_from_on": DAY}],
        rejects=[{"table_name": "accounts", "file": "a.csv", "line": 2, "reason": "missing_value", "row_text": "x"}],
    )


def ids(engine: DuckDBEngine, scope: Scope) -> list[str]:
    return engine.run("portfolio/accounts_on_day", {"as_of": DAY}, scope)["account_id"].to_list()


def test_the_whole_book_shows_all_accounts(engine: DuckDBEngine) -> None:
    assert sorted(ids(engine, WHOLE_BOOK)) == ["A1", "A2", "A3"]


def test_no_scope_shows_no_row_of_any_table(engine: DuckDBEngine) -> None:
    cursor = engine._cursor(NO_SCOPE)
    for table in BOOK_TABLES:
        assert cursor.sql(f"select count(*) from {table}").fetchall() == [(0,)], table


def test_a_branch_scope_leaves_out_other_branches_and_accounts_without_one(engine: DuckDBEngine) -> None:
    assert ids(engine, WHOLE_BOOK.narrowed(branches=("north",))) == ["A1"]
    cursor = engine._cursor(WHOLE_BOOK.narrowed(branches=("north",)))
    assert cursor.sql("select count(*) from flags").fetchall() == [(0,)]
    assert cursor.sql("select debtor_id from debtors").fetchall() == [("D1",)]


def test_a_scope_may_be_narrowed_but_never_widened() -> None:
    north = Scope(branches=("north",), products=None, currencies=None)
    assert north.narrowed(branches=("north", "south")).branches == ("north",)
    assert north.narrowed(branches=("south",)).is_empty
    assert not north.narrowed(branches=None).may_see_rejects


def test_only_a_whole_book_grant_sees_rejected_rows(engine: DuckDBEngine) -> None:
    north = Scope(branches=("north",), products=None, currencies=None)
    assert engine.run("data/rejected_rows", {}, north).is_empty()
    assert engine.run("data/rejected_rows", {}, WHOLE_BOOK).height == 1


def test_a_quote_in_a_scope_value_is_a_value_and_not_sql(engine: DuckDBEngine) -> None:
    assert ids(engine, WHOLE_BOOK.narrowed(branches=("north' or '1'='1",))) == []


def test_two_scopes_at_once_do_not_see_each_others_rows(engine: DuckDBEngine) -> None:
    wrong: list[str] = []

    def ask(branch: str, wanted: str) -> None:
        for _ in range(20):
            if ids(engine, WHOLE_BOOK.narrowed(branches=(branch,))) != [wanted]:
                wrong.append(branch)

    threads = [threading.Thread(target=ask, args=pair) for pair in (("north", "A1"), ("south", "A2")) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_more_scopes_than_are_kept_still_answer(engine: DuckDBEngine) -> None:
    for n in range(70):
        assert ids(engine, WHOLE_BOOK.narrowed(branches=("south", f"b{n}"))) == ["A2"]
    assert ids(engine, WHOLE_BOOK.narrowed(branches=("south", "b0"))) == ["A2"]


@pytest.mark.parametrize(
    "sql",
    [
        "insert into book.main.accounts (account_key) values (9)",
        "copy (select 1) to 'stolen.csv'",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "set memory_limit = '1GB'",
        "install httpfs",
        "export database 'stolen'",
        "attach 'other.duckdb' as other",
        "select * from secret_frame",
    ],
)
def test_the_connection_cannot_write_or_leave_the_book(engine: DuckDBEngine, sql: str) -> None:
    secret_frame = [1]
    with pytest.raises(duckdb.Error):
        engine._cursor(WHOLE_BOOK).execute(sql).fetchall()
    assert secret_frame == [1]


def test_a_query_past_its_time_limit_is_stopped_with_a_plain_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [account(key) for key in range(1, 301)]
    slow = DuckDBEngine(made_book(tmp_path, accounts=rows), Settings(query_seconds=0.2))
    query = query_file("portfolio/scope_choices")
    heavy = type(query)(
        **{**query.__dict__, "sql": "select count(*) from accounts a, accounts b, accounts c, accounts d, accounts e"}
    )
    monkeypatch.setattr("duewatch.engines.duckdb_engine.query_file", lambda name: heavy)
    with pytest.raises(QueryTooSlowError, match=r"took longer than 0\.2 seconds and was stopped") as caught:
        slow.run("portfolio/scope_choices", {}, WHOLE_BOOK)
    assert localised_sentence(words_in("zh"), caught.value).startswith(
        "portfolio/scope_choices：查询超过 0.2 秒，已停止；"
    )
    monkeypatch.undo()
    assert slow.run("portfolio/scope_choices", {}, WHOLE_BOOK).height == 1


@pytest.mark.parametrize(
    ("name", "params", "sentence"),
    [
        ("portfolio/aging_bucket", {}, "the nearest are portfolio/aging_buckets"),
        ("portfolio/aging_buckets", {}, "needs parameter 'as_of'"),
        ("portfolio/aging_buckets", {"as_of": "31/10/2026"}, "'31/10/2026' is not a date; write it as 2026-10-31"),
        ("portfolio/aging_buckets", {"as_of": DAY, "day": "x"}, "there is no parameter 'day'; it takes as_of"),
    ],
)
def test_a_wrong_question_is_answered_with_one_sentence(
    engine: DuckDBEngine, name: str, params: dict[str, object], sentence: str
) -> None:
    with pytest.raises(QueryError) as caught:
        engine.run(name, params, WHOLE_BOOK)  # type: ignore[arg-type]
    assert sentence in caught.value.sentence


def test_an_answer_is_the_same_by_either_way_of_asking() -> None:
    """Every kind of column that a query answers with, nulls among them."""
    sql = """
        select $n + i as n, cast(i as decimal(18, 2)) / 4 as amount, [i, null] as parts, cast(i as double) / 3 as ratio,
            cast('2026-10-31 09:00:00+02' as timestamptz) as at, cast('10:11:12' as time) as hour,
            cast('2026-10-31' as date) + cast(i as integer) as day, i % 2 = 0 as is_even,
            case when i > 3 then 'x' || i end as text
        from range(6) t(i)"""
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    one, other = fetch_frame(con.cursor(), sql, {"n": 7}), con.cursor().sql(sql, params={"n": 7}).pl()
    assert one.schema == other.schema
    assert one.equals(other, null_equal=True)
    assert one.height == 6
    assert fetch_frame(con.cursor(), "select 1 as x", {}).to_dicts() == [{"x": 1}]
