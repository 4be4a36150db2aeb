"""The same call logged by the dialler and again by the collectors' log is one call."""

from __future__ import annotations

from pathlib import Path

import duckdb

from duewatch.books.published import current_book
from duewatch.contract.settings import Settings
from duewatch.ingest import ingest

HEAD = "contact_id,account_id,started_at,channel,direction,contact_point,collector_id,outcome\n"
ROWS = (
    # One second apart, the number in another form: the first tells.
    "a1,a,2026-06-01T10:00:00,call,out,138 0000 0001,c1,no_answer",
    "a2,a,2026-06-01T10:00:01,call,out,+8613800000001,c1,no_answer",
    # Two seconds apart, and the second knows more: it tells.
    "b1,a,2026-06-01T11:00:00,call,out,13800000001,,answered_dropped",
    "b2,a,2026-06-01T11:00:02,call,out,,c1,conversation",
    # Three seconds apart are two calls; so are two numbers, two collectors, two directions, and rows without a number.
    "c1,a,2026-06-01T12:00:00,call,out,13800000001,c1,no_answer",
    "c2,a,2026-06-01T12:00:03,call,out,13800000001,c1,no_answer",
    "d1,a,2026-06-01T13:00:00,call,out,13800000001,c1,no_answer",
    "d2,a,2026-06-01T13:00:01,call,out,13800000002,c1,no_answer",
    "e1,a,2026-06-01T14:00:00,call,out,13800000001,c1,no_answer",
    "e2,a,2026-06-01T14:00:00,call,out,13800000001,c2,no_answer",
    "f1,a,2026-06-01T15:00:00,call,out,13800000001,c1,no_answer",
    "f2,a,2026-06-01T15:00:01,call,in,13800000001,c1,conversation",
    "g1,a,2026-06-01T16:00:00,call,out,,c1,no_answer",
    "g2,a,2026-06-01T16:00:00,call,out,,c1,no_answer",
    # A text message a second later is no call.
    "h1,a,2026-06-01T17:00:00,sms,out,13800000001,,delivered",
    "h2,a,2026-06-01T17:00:01,sms,out,13800000001,,delivered",
)


def told_twice(tmp_path: Path, settings: Settings) -> dict[str, str]:
    source, books = tmp_path / "source", tmp_path / f"books-{settings.duplicate_seconds}"
    source.mkdir(exist_ok=True)
    (source / "debtors.csv").write_text("debtor_id,time_zone\nd,Asia/Shanghai\n", encoding="utf-8")
    (source / "accounts.csv").write_text(
        "account_id,debtor_id,product,currency,opened_on,original_amount\na,d,card,CNY,2020-01-01,1.00\n",
        encoding="utf-8",
    )
    (source / "contacts.csv").write_text(HEAD + "\n".join(ROWS), encoding="utf-8")
    assert ingest(source, books=books, settings=settings).rows_rejected == 0
    with duckdb.connect(str(current_book(books).path), read_only=True) as con:
        rows = con.execute("select contact_id, duplicate_of from contacts where duplicate_of is not null").fetchall()
    return dict(rows)


def test_a_call_that_two_systems_logged_points_to_the_row_that_tells_most(tmp_path: Path) -> None:
    assert told_twice(tmp_path, Settings()) == {"a2": "a1", "b1": "b2"}


def test_the_seconds_are_a_setting_and_none_turns_it_off(tmp_path: Path) -> None:
    assert told_twice(tmp_path, Settings(duplicate_seconds=0)) == {}
    assert told_twice(tmp_path, Settings(duplicate_seconds=3)) == {"a2": "a1", "b1": "b2", "c2": "c1"}
