"""Where the column names stand: title rows, blank rows and merged groups above them are everyday."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.contract.errors import SourceError
from duewatch.sources.header_row import Row, distinct, find_header
from duewatch.sources.layout import Layout
from tests.support.draws import draws
from tests.unit.sources.conftest import Open, notes, rows

WANTED = ("id", "amount", "city")


def test_the_first_line_that_holds_all_names_in_use_is_the_header(opened: Open) -> None:
    raw = opened("a.csv", "Report of id and amount\nid,amount\n\nid, Amount ,x,city\nA1,1,2,Rio\n", WANTED)
    assert (raw.header, rows(raw)) == (("id", "Amount", "x", "city"), [(5, "A1", "1", "2", "Rio")])


def test_where_none_holds_all_the_one_that_holds_most_is_taken(opened: Open) -> None:
    raw = opened("a.csv", "title,id\nid,amount\nA1,1\n", WANTED)
    assert (raw.header, rows(raw)) == (("id", "amount"), [(3, "A1", "1")])


def test_where_nothing_fits_it_is_the_first_line(opened: Open) -> None:
    assert opened("a.csv", "\nx,y\nid,z\n", WANTED).header == ("x", "y")
    assert opened("b.csv", "x,y\nid,z\n").header == ("x", "y")


GROUPS = "Loans of May,,,\nloan,,money,\nid,city,amount,fee\nA1,Rio,1,2\n"
UPRIGHT = "id,city,money,\n,,amount,fee\nA1,Rio,1,2\n"
"""Merged cells: a group over two columns, and names that stand over two rows."""


def test_merged_group_headers_are_found_without_a_declaration(opened: Open) -> None:
    raw = opened("a.csv", GROUPS, WANTED)
    assert (raw.header, rows(raw)) == (("id", "city", "amount", "fee"), [(4, "A1", "Rio", "1", "2")])


def test_names_that_stand_over_two_rows_are_put_together_and_told(opened: Open) -> None:
    raw = opened("a.csv", UPRIGHT, WANTED)
    assert (raw.header, rows(raw)) == (("id", "city", "amount", "fee"), [(3, "A1", "Rio", "1", "2")])
    assert "columns without a name on the line of the names got the one from line 1 above" in notes(raw)[1]


def test_a_declared_row_and_number_of_rows_win(opened: Open) -> None:
    assert opened("a.csv", UPRIGHT, header_row=1, header_rows=2).header == ("id", "city", "amount", "fee")
    assert opened("b.csv", "a,b\nid,amount,city\n1,2,3\nx,y,z\n", WANTED, header_row=3).header == ("1", "2", "3")
    with pytest.raises(SourceError, match="there is no line 9"):
        opened("c.csv", "id,amount\n", header_row=9)


def test_a_quoted_name_may_go_over_lines(opened: Open) -> None:
    raw = opened("a.csv", 'id,"amount\n(CNY)"\nA1,1\n', ("id", "amount (CNY)"))
    assert (raw.header, rows(raw)) == (("id", "amount (CNY)"), [(3, "A1", "1")])


@draws(200)
@given(st.lists(st.sampled_from(["", "a", "a (2)", "column 1", "column 2", "b"]), min_size=1, max_size=8))
def test_every_column_gets_a_name_of_its_own_and_a_single_name_stays(names: list[str]) -> None:
    found = distinct(names)
    assert len(set(found)) == len(found) == len(names)
    assert all(found)
    for n, name in enumerate(names):
        if name and name not in found[:n]:
            assert found[n] == name


@draws(100)
@given(
    st.lists(st.lists(st.sampled_from(["", "id", "x", "7"]), max_size=4), max_size=6),
    st.permutations(["id", "amount", "city", "x"]),
)
def test_a_full_header_is_found_below_anything_that_holds_less(above: list[list[str]], header: list[str]) -> None:
    lines = [Row(n, tuple(cells)) for n, cells in enumerate([*above, header], start=1)]
    found = find_header(lines, Layout(), frozenset(WANTED))
    assert found is not None
    assert (found.at, found.n_wanted) == (len(above), 3)
    assert found.names == tuple(header)
