"""Which law was asked about a contact: told by hand for a few debtors, and for every contact of the demo lender."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from duewatch.books.published import Book, current_book
from duewatch.compliance.clearance import clear_plan
from duewatch.compliance.contact_plan import planned_contacts
from duewatch.compliance.law_asked import coverage_by_contact, coverage_sentence, coverage_summary
from duewatch.compliance.packs import load_packs
from duewatch.contract.i18n import Words
from duewatch.contract.schema import COVERAGE
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ingest import ingest
from tests.support.commands import called

DEBTORS = """debtor_id,time_zone,region
east,America/New_York,
west,America/Los_Angeles,
boston,America/New_York,Mass.
city,America/New_York,纽约市
state,America/New_York,NY
lost,,
berlin,Europe/Berlin,
euro,,
canton,,广东省
old,Asia/Shanghai,
"""
MONEY = {"berlin": "EUR", "euro": "EUR", "canton": "USD", "old": "CNY"}
STARTED = {"lost": "2026-10-05T15:00:00Z", "old": "2020-06-01T10:00:00"}
EXPECTED = {
    # An Eastern clock may be in any of the eastern places with a pack; a Pacific one in none of them.
    "east": {"US": "judged", **dict.fromkeys(("US-MA", "US-DC", "US-WV", "US-NY-NYC"), "cannot_place region")},
    "west": {"US": "judged"},
    "boston": {"US": "judged", "US-MA": "judged"},
    "city": {"US": "judged", "US-NY-NYC": "judged"},
    "state": {"US": "judged", "US-NY-NYC": "cannot_place region"},
    # An instant, and nobody knows where: no hour, no day, no state.
    "lost": {
        "US": "cannot_place time_zone",
        **dict.fromkeys(("US-MA", "US-DC", "US-WV", "US-NY-NYC"), "cannot_place region"),
    },
    "berlin": {"DE": "no_pack"},
    "euro": {"EUR": "no_pack"},
    # A dollar account in Guangdong is under Chinese rules, told by the region alone.
    "canton": {"CN": "judged"},
    # The first Chinese pack begins in 2024.
    "old": {"CN": "not_in_force"},
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    (folder / "debtors.csv").write_text(DEBTORS, encoding="utf-8")
    accounts, contacts = [], []
    for debtor in EXPECTED:
        accounts.append(f"A{debtor},{debtor},card,{MONEY.get(debtor, 'USD')},2016-01-01,1000.00")
        at = STARTED.get(debtor, "2026-10-05T10:00:00")
        contacts.append(f"{debtor},A{debtor},{at},call,out,debtor,mobile,no_answer,demand,notify,G1")
    head = "contact_id,account_id,started_at,channel,direction,party_role,place,outcome,purpose,style,agency_id"
    (folder / "accounts.csv").write_text(
        "\n".join(["account_id,debtor_id,product,currency,opened_on,original_amount", *accounts]), encoding="utf-8"
    )
    (folder / "contacts.csv").write_text("\n".join([head, *contacts]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def books(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("books")
    assert ingest(source, books=folder).rows_rejected == 0
    return folder


def test_each_contact_and_jurisdiction_is_told(books: Path) -> None:
    with closing(DuckDBEngine(current_book(books), Settings())) as engine:
        rows = coverage_by_contact(engine, (date(2020, 1, 1), date(2026, 12, 31)))
        told = coverage_sentence(coverage_summary(engine, (date(2026, 1, 1), date(2026, 12, 31))), Words("en"))
    found: dict[str, dict[str, str]] = {}
    for contact_id, jurisdiction, coverage, missing in rows.iter_rows():
        found.setdefault(contact_id, {})[jurisdiction] = f"{coverage} {missing}" if missing else coverage
    assert found == EXPECTED
    # Of the nine of 2026: east, west, boston, city, state and canton were judged.
    assert told == ("6 of 9 contacts judged by law; 2 in EUR have no pack; 1 could not be placed: no time zone")


def test_the_command_line_writes_the_same_rows(books: Path) -> None:
    out = called("audit", "--books", str(books), "--coverage", "--pack", "us.ma", "--format", "json")
    rows = {row["contact_id"]: (row["coverage"], row["missing"]) for row in json.loads(out.stdout)}
    unplaced = ("cannot_place", "region")
    assert rows == {"east": unplaced, "lost": unplaced, "boston": ("judged", None)}
    assert "6 of 10 contacts judged by law" in out.stderr.decode()


def test_own_staff_of_a_bank_is_not_bound_by_a_pack_for_agencies(source: Path, tmp_path: Path) -> None:
    text = (source / "contacts.csv").read_text(encoding="utf-8").replace(",G1", ",")
    folder = tmp_path / "source"
    folder.mkdir()
    for name in ("debtors.csv", "accounts.csv"):
        (folder / name).write_bytes((source / name).read_bytes())
    (folder / "contacts.csv").write_text(text, encoding="utf-8")
    ingest(folder, books=tmp_path / "books", settings=Settings(lender_kind="bank"))
    with closing(DuckDBEngine(current_book(tmp_path / "books"), Settings())) as engine:
        rows = coverage_by_contact(engine, (date(2026, 1, 1), date(2026, 12, 31)))
    us = rows.filter(jurisdiction="US")
    assert set(us["coverage"]) == {"not_bound"}


@pytest.mark.parametrize(
    ("debtor", "status", "asked", "unplaced"),
    [
        ("west", "allowed", {"us.reg_f"}, set()),
        ("boston", "allowed", {"us.reg_f", "us.ma"}, set()),
        ("east", "unknown", {"us.reg_f"}, {"us.ma", "us.dc", "us.wv", "us.nyc"}),
        ("berlin", "unknown", set(), set()),
        ("canton", "unknown", {"cn.gbt_45251", "cn.cba_2026"}, {"cn.gbt_45251", "cn.cba_2026"}),
    ],
)
def test_a_plan_is_allowed_only_where_a_law_judged_it(
    books: Path, debtor: str, status: str, asked: set[str], unplaced: set[str]
) -> None:
    """Guangdong has one clock, but the source did not say so: the hours cannot be judged at a bare instant."""
    plan = planned_contacts([{"account_id": f"A{debtor}", "planned_at": "2026-10-20T17:00Z", "channel": "call"}])
    row = clear_plan(current_book(books), load_packs(), plan).row(0, named=True)
    assert row["status"] == status, row["reason"]
    assert set(row["packs_asked"]) - {"house"} == asked
    assert set(row["packs_unplaced"]) - {"house"} == unplaced
    assert row["data_as_of"] == "2026-10-05"
    if debtor == "berlin":
        assert (row["reason"], row["reason_code"]) == ("Cannot be judged: no rule pack is for DE", "no_pack")


def test_a_wrong_number_is_known_in_another_form_and_asks_for_another(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    for name, text in WRONG_NUMBER.items():
        (tmp_path / "source" / name).write_text(text, encoding="utf-8")
    ingest(tmp_path / "source", books=tmp_path / "books")
    given = {"account_id": "a1", "planned_at": "2026-11-03T10:00", "channel": "call"}
    numbers = ("+86 138-0000-0001", "13800000002")
    plan = planned_contacts([{**given, "contact_point": number} for number in numbers])
    same, other = clear_plan(current_book(tmp_path / "books"), load_packs(), plan).to_dicts()
    assert (same["status"], same["rule_id"]) == ("blocked", "house.wrong_number")
    assert same["reason"].endswith("; give another number")
    assert other["status"] == "allowed"


WRONG_NUMBER = {
    "debtors.csv": "debtor_id,time_zone\nd1,Asia/Shanghai\n",
    "accounts.csv": "account_id,debtor_id,product,currency,opened_on,original_amount\n"
    "a1,d1,card,CNY,2016-01-01,1000.00\n",
    "contacts.csv": "contact_id,account_id,started_at,channel,direction,outcome,contact_point\n"
    "k1,a1,2026-11-02T10:00:00,call,out,wrong_number,138 0000 0001\n",
}


def test_no_contact_of_a_book_is_left_out_and_what_was_judged_has_verdicts(demo_book: Path) -> None:
    book: Book = current_book(demo_book)
    with closing(DuckDBEngine(book, Settings())) as engine:
        rows = coverage_by_contact(engine, (date(1900, 1, 1), date(2100, 1, 1)))
        summary = engine.run(
            "compliance/coverage_summary", {"from_date": date(1900, 1, 1), "to_date": date(2100, 1, 1)}, WHOLE_BOOK
        )
    assert rows["contact_id"].n_unique() == book.manifest.rows["contacts"]
    assert set(rows["coverage"]) <= set(COVERAGE)
    counted = Counter(
        dict(
            summary.filter(pl.col("jurisdiction") != "all")
            .group_by("coverage")
            .agg(pl.col("n_contacts").sum())
            .iter_rows()
        )
    )
    listed = Counter(rows.filter(pl.col("coverage") != "not_bound")["coverage"].to_list())
    assert {name: n for name, n in counted.items() if name != "not_bound"} == dict(listed)
