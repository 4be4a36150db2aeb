"""Macros: formulas put into a query as text, each argument and the whole in parentheses."""

from __future__ import annotations

import duckdb
import pytest

from duewatch.contract.errors import QueryError
from duewatch.engines.macros import expanded, macro, macro_names
from duewatch.engines.query_files import QUERIES

HERE = QUERIES / "x" / "y.sql"


def value(formula: str) -> object:
    row = duckdb.sql(f"select {expanded(formula, HERE)}").fetchone()
    assert row
    return row[0]


def test_every_macro_has_a_meaning_and_stands_in_the_file_of_its_name() -> None:
    assert len(macro_names()) >= 10
    assert [name for name in macro_names() if macro(name).name != name or not macro(name).meaning] == []


def test_arguments_and_the_formula_keep_their_order_of_reckoning() -> None:
    assert value("10 * macros.ratio(1 + 1, 2 + 2)") == pytest.approx(5.0)
    assert value("macros.ratio(1, 0)") is None
    assert expanded("macros.ratio(a.n, b.n)", HERE) == "(cast(a.n as double) / nullif(cast(b.n as double), 0))"


def test_a_comma_or_parenthesis_in_quotes_or_in_a_call_ends_no_argument() -> None:
    assert value("macros.is_listed('a', 'a,b')") is True
    assert value("macros.is_listed(replace('(c,', '(', ''), 'b,c')") is False
    assert value("macros.is_wanted('x', '')") is True


@pytest.mark.parametrize(("k", "n"), [(0, 5), (3, 10), (200, 201)])
def test_the_limits_are_wilsons(k: int, n: int) -> None:
    """Those shares from which k of n is just 1.96 of their own standard errors away."""
    share = k / n
    low, high = (float(str(value(f"macros.wilson_{end}({k}, {n})"))) for end in ("low", "high"))
    assert low <= share <= high
    for limit in (low, high):
        assert (share - limit) ** 2 == pytest.approx(1.959964**2 * limit * (1 - limit) / n, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ("macros.wilson_lo(1, 2)", "there is no macro 'wilson_lo'; the nearest are wilson_low"),
        ("macros.ratio(1)", r"macro 'ratio' is called with 1 arguments; it takes \(part, whole\)"),
        ("macros.ratio", "macro 'ratio' is named but not called"),
        ("macros.ratio(1, 2", "the call of macro 'ratio' has no end"),
    ],
)
def test_a_wrong_call_is_refused_with_file_and_line(call: str, fault: str) -> None:
    with pytest.raises(QueryError, match=f"queries/x/y.sql, line 8: {fault}"):
        expanded(f"select 1,\n{call}", HERE, first_line=7)
