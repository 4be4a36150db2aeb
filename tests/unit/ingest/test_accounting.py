"""Nothing is lost: rows in = accepted + rejected and money exact to the cent, for random files."""

from __future__ import annotations

import csv
import io
import tempfile
from decimal import Decimal, InvalidOperation
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from duewatch.contract.schema import BOOK_TABLES, PRIVATE_TABLES
from tests.support.draws import draws
from tests.unit.ingest.conftest import Source

RECOMPUTES = {
    "rows_accepted": "loads",
    "rows_rejected": "loads",
    "columns_given": "column_presence",
    "completeness": "column_presence",
}
"""Metric to what is called here for the number that is computed a second time."""


HEADER = ["payment_id", "account_id", "paid_on", "amount", "method"]
text = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=8)
good_amount = st.integers(-10_000_000, 10_000_000).map(lambda n: f"{Decimal(n) / 100:.2f}")
row = st.tuples(
    st.integers(0, 40).map(lambda n: f"P{n}"),
    st.sampled_from(["A1", "A1", "A1", "A9", ""]),
    st.sampled_from(["2025-02-28", "2025-02-28", "2025-02-30", "28.02.2025"]),
    st.one_of(good_amount, good_amount, text),
    text,
)


@draws(25)
@given(st.lists(row, max_size=30), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), st.sampled_from([",", "\t"]))
def test_rows_in_are_accepted_or_rejected_and_money_is_exact(
    rows: list[tuple[str, ...]], quoting: int, delimiter: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Source(Path(folder))
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator="\n")  # type: ignore[arg-type]
        writer.writerows([HEADER, *rows])
        source.write("payments.csv", buffer.getvalue())
        payments = source.load().loads[1]
        assert payments.rows_read == len(rows) == payments.rows_accepted + payments.rows_rejected
        stored = source.ask("select payment_id, amount from payments")
        ((rejected,),) = source.ask("select count(*) from rejects where table_name = 'payments'")
        assert (len(stored), rejected) == (payments.rows_accepted, payments.rows_rejected)
        assert len({key for key, _ in stored}) == len(stored)
        for key, amount in stored:
            assert amount in {exact(cells[3]) for cells in rows if cells[0] == key}


def exact(written: str) -> Decimal | None:
    import unicodedata

    try:
        return Decimal(unicodedata.normalize("NFKC", written.strip()).replace(",", ""))
    except InvalidOperation:
        return None


def test_book_and_private_file_hold_exactly_the_schemas_tables_and_columns(source: Source) -> None:
    source.load()
    asked = "select table_name, column_name, data_type from information_schema.columns order by 1, ordinal_position"
    for tables, private in ((BOOK_TABLES, False), (PRIVATE_TABLES, True)):
        wanted = [(name, c.name, c.sql_type) for name in sorted(tables) for c in tables[name].columns]
        assert source.ask(asked, private) == wanted


def test_contacts_and_snapshots_lie_in_their_stored_order_and_debtors_accounts_are_neighbours(source: Source) -> None:
    head = "account_id,debtor_id,product,currency,opened_on,original_amount\n"
    source.write("accounts.csv", head + "".join(f"A{n},D{n % 2},card,CNY,2025-01-01,1\n" for n in (3, 1, 4, 2)))
    source.write(
        "contacts.csv",
        "contact_id,account_id,person_id,started_at,channel,direction,outcome\n"
        + "".join(
            f"C{n},A{n % 4 + 1},{'Q' if n % 3 else ''},2025-02-{28 - n}T00:00:00Z,call,out,no_answer\n"
            for n in range(9)
        ),
    )
    source.write("snapshots.csv", "account_id,as_of,days_past_due,balance\nA1,2025-03-31,31,5\nA2,2025-02-28,0,5\n")
    source.load()
    assert source.ask("select account_id, debtor_key from accounts order by account_key") == [
        ("A2", 1),
        ("A4", 1),
        ("A1", 2),
        ("A3", 2),
    ]
    rows = source.ask("select account_key, started_at, contact_id, contact_key, person_key, debtor_key from contacts")
    assert [row[:3] for row in rows] == sorted(row[:3] for row in rows)
    assert [row[3] for row in rows] == list(range(1, 10))
    assert {row[4] for row in rows} == {1, 2, 3}
    assert source.ask("select as_of::varchar, state from snapshots") == [("2025-02-28", "M0"), ("2025-03-31", "M2")]


def test_presence_tells_which_columns_the_source_has(source: Source) -> None:
    source.load()
    assert source.ask(
        "select column_name, is_provided, n_filled from column_presence "
        "where table_name = 'accounts' and column_name in ('product', 'branch')"
    ) == [("product", True, 1), ("branch", False, 0)]
