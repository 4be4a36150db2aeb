"""A first delivery is often thin: one snapshot, or a contact log and nothing else."""

from __future__ import annotations

from duewatch.contract.settings import Settings
from duewatch.ingest import ingest
from tests.unit.ingest.conftest import Source

CONTACTS = "contact_id,account_id,debtor_id,started_at,channel,direction,outcome,party_role\n"


def test_month_ends_before_the_only_snapshot_follow_from_instalments_and_payments(source: Source) -> None:
    """Two instalments of 500 due on 10 February and 10 March; 500 paid on 20 March. On 28 February the first is
    28 - 10 = 18 days late and 1,000 are open; on 31 March the second is 21 days late and 500 are open."""
    source.write("instalments.csv", "account_id,due_on,amount\nA1,2025-02-10,500\nA1,2025-03-10,500\n")
    source.write("payments.csv", "payment_id,account_id,paid_on,amount\nP1,A1,2025-03-20,500\n")
    source.write("snapshots.csv", "account_id,as_of,days_past_due,balance\nA1,2025-04-15,36,500\n")
    notes = source.notes()
    assert (
        "the only snapshot is of 2025-04-15; the month-ends before it were derived from instalments and payments"
        in (notes)
    )
    assert source.ask(
        "select as_of::varchar, days_past_due, balance::varchar, is_derived from snapshots order by as_of"
    ) == [
        ("2025-01-31", 0, "1000.00", True),
        ("2025-02-28", 18, "1000.00", True),
        ("2025-03-31", 21, "500.00", True),
        ("2025-04-15", 36, "500.00", False),
    ]


def test_two_snapshots_are_left_as_they_are(source: Source) -> None:
    source.write("instalments.csv", "account_id,due_on,amount\nA1,2025-02-10,500\n")
    source.write("payments.csv", "payment_id,account_id,paid_on,amount\nP1,A1,2025-03-20,500\n")
    source.write("snapshots.csv", "account_id,as_of,days_past_due,balance\nA1,2025-03-31,0,0\nA1,2025-04-30,0,0\n")
    source.load()
    assert source.ask("select count(*) from snapshots where is_derived") == [(0,)]


def test_a_contact_log_alone_makes_a_book_in_which_limits_are_judged(source: Source) -> None:
    """Eight calls within seven days about one debt: the eighth is past the seven that are allowed."""
    (source.folder / "accounts.csv").unlink()
    days = (1, 2, 3, 4, 5, 6, 7, 7)
    calls = "".join(
        f"C{n},A1,D1,2026-03-0{day}T{11 + n // 8}:00:00-05:00,call,out,no_answer,debtor\n"
        for n, day in enumerate(days, 1)
    )
    source.write("contacts.csv", CONTACTS + calls)
    mapping = '[source]\ndefault_time_zone = "America/New_York"\ncurrency = "USD"\n'
    (source.folder.parent / "mapping.toml").write_text(mapping, encoding="utf-8")
    report = ingest(
        source.folder,
        books=source.books,
        mapping=source.folder.parent / "mapping.toml",
        settings=Settings(packs=("us.reg_f",)),
    )
    assert "reading.accounts_of_contacts" in [note.key for note in report.notes]
    assert source.ask("select contact_id, verdict from findings where rule_id = 'us.reg_f.call_frequency'") == [
        ("C8", "breach")
    ]
    assert source.ask("select account_id, debtor_id, currency, product from accounts") == [("A1", "D1", "USD", None)]
    assert source.ask("select count(*) from contacts") == [(8,)]


def test_a_contact_without_account_is_filed_under_the_only_one_that_fits(source: Source) -> None:
    source.write(
        "accounts.csv",
        "account_id,debtor_id,product,currency,opened_on,original_amount\n"
        "A1,D1,card,CNY,2025-01-10,1\nA2,D2,card,CNY,2025-01-10,1\nA3,D2,loan,CNY,2025-01-10,1\n",
    )
    source.write("debtors.csv", "debtor_id,phone\nD1,+1 (555) 010-0100\nD2,5550100200\n")
    header = "contact_id,account_id,debtor_id,contact_point,started_at,channel,direction,outcome\n"
    rest = "2026-03-01T12:00:00,call,out,no_answer\n"
    source.write(
        "contacts.csv",
        header + f"C1,,,555-010-0100,{rest}C2,,D2,,{rest}C3,,,5550109999,{rest}C4,,D1,,{rest}C5,A2,,,{rest}",
    )
    source.load()
    assert source.ask("select contact_id, account_id from contacts join accounts using (account_key) order by 1") == [
        ("C1", "A1"),
        ("C4", "A1"),
        ("C5", "A2"),
    ]
    assert source.ask("select line, reason from rejects order by line") == [(3, "several_accounts"), (4, "no_account")]


def test_payments_that_are_no_cash_are_left_out_and_counted(source: Source) -> None:
    header = "payment_id,account_id,paid_on,amount,status,reverses_payment_id\n"
    source.write(
        "payments.csv",
        header
        + "P1,A1,2025-03-01,5,posted,\nP2,A1,2025-03-02,6,failed,\nP3,A1,2025-03-03,7,,\nP4,A1,2025-03-04,6,,P2\n",
    )
    report = source.load()
    payments = report.loads[1]
    assert (payments.rows_read, payments.rows_accepted, payments.rows_rejected, payments.rows_left_out) == (4, 2, 0, 2)
    assert source.ask("select payment_id from payments order by 1") == [("P1",), ("P3",)]
    assert source.ask("select rows_left_out from loads where table_name = 'payments'") == [(2,)]


def test_a_bad_optional_value_costs_the_value_and_is_kept_in_sight(source: Source) -> None:
    """A rate of 18 per mistyped column must not take the debtor with it."""
    source.write(
        "accounts.csv",
        "account_id,debtor_id,product,currency,opened_on,original_amount,annual_rate,secured\n"
        "A1,D1,card,CNY,2025-01-10,1,eighteen,maybe\nA2,D1,card,CNY,2025-01-10,1,18%,yes\n",
    )
    source.load()
    assert source.ask("select account_id, annual_rate::varchar, secured from accounts order by 1") == [
        ("A1", None, None),
        ("A2", "0.180000", True),
    ]
    assert source.ask("select line, column_name, value, reason from unread_values order by column_name") == [
        (2, "annual_rate", "eighteen", "not_a_number"),
        (2, "secured", "maybe", "not_a_boolean"),
    ]


def test_a_value_whose_absence_would_say_something_costs_the_row(source: Source) -> None:
    """An unreadable status would read as active, an unreadable end of a flag as still holding."""
    source.write("snapshots.csv", "account_id,as_of,days_past_due,balance,status\nA1,2025-03-31,0,0,frozen\n")
    source.write("flags.csv", "flag_id,debtor_id,kind,from,to\nF1,D1,attorney,2025-01-01,soon\n")
    source.load()
    assert source.reasons() == [(2, "to", "not_an_instant"), (2, "status", "unknown_code")]
