"""Query files: headers, and queries that use others with a parameter under another name."""

from __future__ import annotations

import pytest

from duewatch.contract.column_dictionary import column_dictionary
from duewatch.contract.errors import QueryError
from duewatch.engines.query_files import QUERIES, QueryFile, parse, query_file

HEAD = "-- question: What?\n-- grain: one row\n-- uses: {uses}\nselect promise_id from promise_ledger\n"


def used(uses: str) -> str:
    return parse("x/y", HEAD.format(uses=uses), QUERIES / "x" / "y.sql").sql


def test_a_query_used_with_another_name_for_a_parameter_asks_the_same_with_that_name() -> None:
    ledger = query_file("promises/promise_ledger")
    sql = used("promises/promise_ledger with as_of = to_date")
    assert ledger.own_sql.replace("$as_of", "$to_date") in sql
    assert "$as_of" not in sql
    renamed = query_file("promises/promise_ledger with as_of = to_date")
    assert [param.name for param in renamed.params] == ["to_date", "grace_days", "tolerance"]
    assert renamed.read_name == "promise_ledger"
    assert query_file("promises/promise_ledger").params[0].name == "as_of"


@pytest.mark.parametrize(
    "name",
    [
        "promises/promise_ledger with day = to_date",
        "promises/promise_ledger with as_of",
        "promises/promise_ledger with as_of = to date",
        "contacts/funnel with to_date = as_of",
    ],
)
def test_a_renaming_that_renames_nothing_is_refused(name: str) -> None:
    with pytest.raises(QueryError, match="renames nothing"):
        query_file(name)


def header(*lines: str) -> QueryFile:
    return parse(
        "x/y", "\n".join(["-- question: What?", "-- grain: one row", *lines, "select 1"]), QUERIES / "x" / "y.sql"
    )


def test_a_header_takes_type_and_meaning_from_the_dictionary_and_words_what_differs() -> None:
    query = header(
        "-- columns: currency, balance,",
        "--   rate, local_time",
        "--   balance: what was owed",
        "--     then",
        "--   rate ratio: of two",
        "--   local_time text: wall time",
    )
    assert [(column.name, column.type) for column in query.columns] == [
        ("currency", "text"),
        ("balance", "money"),
        ("rate", "ratio"),
        ("local_time", "text"),
    ]
    declared = column_dictionary()
    assert query.columns[0].meaning == declared["currency"].meaning
    assert query.columns[1].meaning == "what was owed then"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["-- params:", "--   as_of date the day"], "queries/x/y.sql, line 4: this header line is not understood"),
        (["-- params:", "--   by text = 'all': what"], "queries/x/y.sql, line 4: the default of 'by' stands in quotes"),
        (["-- params:", "--   by words: what"], "queries/x/y.sql, line 4: by has type 'words'"),
        (["-- columns: no_such_column"], "column 'no_such_column' has no type"),
        (["-- columns: rate"], "column 'rate' has no type"),
        (["-- columns: currency", "--   balance: of it"], "'balance' is worded but not listed"),
    ],
)
def test_a_header_that_cannot_be_read_is_refused_with_its_line(lines: list[str], fault: str) -> None:
    with pytest.raises(QueryError, match=fault):
        header(*lines)


def test_a_name_given_with_as_holds_in_the_other_used_queries_too() -> None:
    moved = query_file("portfolio/transitions_30_day")
    assert query_file("portfolio/thirty_day_moves").own_sql in moved.sql
    assert query_file("portfolio/account_moves").own_sql not in moved.sql
    assert [param.name for param in moved.params] == ["to_date"]


def test_a_query_cannot_stand_in_for_one_that_it_uses() -> None:
    with pytest.raises(QueryError, match="two queries are read as 'account_moves'"):
        used("portfolio/move_shares as account_moves")
