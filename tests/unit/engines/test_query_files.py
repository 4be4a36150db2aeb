"""Query files that use others: a parameter under another name."""

from __future__ import annotations

import pytest

from duewatch.contract.errors import QueryError
from duewatch.engines.query_files import QUERIES, parse, query_file

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
