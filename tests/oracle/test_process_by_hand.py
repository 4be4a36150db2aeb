"""The process rules at their edges: one line a case, for a reader who knows the template and no SQL.

Unless a line says otherwise, an account fell due on 1 June 2026 and nothing was paid, so 2 June is day 1 and 1 July is
day 30; the contact log begins on 20 May.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from duewatch.compliance.process_rules import JUDGED_BY
from tests.support.process_books import (
    FIELDS,
    IN_LETTERS,
    IN_MESSAGES,
    Account,
    Contact,
    Debtor,
    Dispute,
    Flag,
    Paid,
    Promise,
    SmallBook,
    Tables,
    Template,
)

DUE = date(2026, 6, 1)
SETTINGS: dict[str, Any] = {"as_of": date(2026, 10, 31)}
WHOLE = Debtor(1, None, "sms", frozenset(FIELDS))
OWED = Account(1, 1, "N1", Decimal("0.24"), ((DUE, Decimal(100)),), ())
OLD = Contact("OLD", 2, datetime(2026, 5, 20, 9), date(2026, 5, 20), "fax", direction="in")  # noqa: DTZ001
"""A contact of another account, so that the log begins before anything here does."""
OTHER = Account(2, 1, "N2", Decimal("0.24"), (), (Paid("P0", date(2026, 5, 20), Decimal(1)),))
COMPLETE = Template("FULL", "sms", "1", IN_MESSAGES.replace(",", "|"))
BOOK = SmallBook(date(2026, 5, 20), date(2026, 10, 31), (WHOLE,), (OWED, OTHER), (OLD,), templates=(COMPLETE,))
Judged = tuple[str | None, str | None]
KEPT: Judged = ("kept", None)
BREACH: Judged = ("breach", None)
NOT_JUDGED: Judged = (None, None)


def unsure(missing: str) -> Judged:
    return ("not_assessable", missing)


@pytest.fixture(scope="module")
def tables() -> Iterator[Tables]:
    made = Tables()
    yield made
    made.close()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}")


def told(name: str, when: str, channel: str, **given: Any) -> Contact:
    moment = at(when)
    return Contact(name, 1, moment, given.pop("local_date", moment.date()), channel, **given)


def book(*contacts: Contact, **given: Any) -> SmallBook:
    return replace(BOOK, contacts=(OLD, *contacts), **given)


def judge(tables: Tables, rule: str, item: str, made: SmallBook, **settings: Any) -> Judged:
    """The verdict on one thing and what is missing; both empty where the rule does not judge it."""
    tables.load(made)
    rows = tables.ask(f"process/{JUDGED_BY[rule][0]}", **{**SETTINGS, **settings})
    found = [(row["verdict"], row["missing"]) for row in rows if (row["rule_id"], row["item_id"]) == (rule, item)]
    assert len(found) <= 1
    return found[0] if found else NOT_JUDGED


def paid_on(day: date) -> Account:
    return replace(OWED, paid=(Paid("P", day, Decimal(100)),))


def due_on(day: date) -> Account:
    return replace(OWED, dues=((day, Decimal(100)),))


REMINDER = told("R", "06-03 09:00:00", "sms", purpose="reminder")
BEFORE_LOG = replace(OWED, dues=((date(2026, 5, 1), Decimal(100)),))


@pytest.mark.parametrize(
    ("first", "account", "verdict"),
    [
        (REMINDER, OWED, KEPT),
        (replace(REMINDER, channel="app"), OWED, KEPT),
        (replace(REMINDER, channel="call"), OWED, BREACH),
        (replace(REMINDER, channel="letter"), OWED, BREACH),
        (REMINDER, BEFORE_LOG, unsure("log_start")),
        (replace(REMINDER, local_date=None), OWED, unsure("time_zone")),
        (replace(REMINDER, purpose="statutory_notice", channel="letter"), OWED, NOT_JUDGED),
        (replace(REMINDER, role="spouse"), OWED, NOT_JUDGED),
    ],
)
def test_the_first_touch_of_a_spell_is_quiet(tables: Tables, first: Contact, account: Account, verdict: Judged) -> None:
    assert judge(tables, "first_touch", "R", book(first, accounts=(account, OTHER))) == verdict


@pytest.mark.parametrize(
    ("preferred", "channel", "verdict"),
    [
        ("sms", "sms", KEPT),
        ("email", "sms", BREACH),
        (None, "sms", unsure("debtors.preferred_channel")),
        ("call", "sms", NOT_JUDGED),
        ("sms", "call", NOT_JUDGED),
    ],
)
def test_the_first_touch_goes_by_the_preferred_channel(
    tables: Tables, preferred: str | None, channel: str, verdict: Judged
) -> None:
    made = book(replace(REMINDER, channel=channel), debtors=(replace(WHOLE, preferred=preferred),))
    assert judge(tables, "preferred_channel", "R", made) == verdict


@pytest.mark.parametrize(
    ("call", "verdict"),
    [
        ("06-04 08:59:59", BREACH),  # 23 h 59 min 59 s
        ("06-04 08:59:59.750000", BREACH),
        ("06-04 09:00:00", KEPT),  # 24 h
        ("06-04 09:00:01", KEPT),
        ("06-03 09:00:00", NOT_JUDGED),  # at the same moment: no reminder before it, which another rule judges
    ],
)
def test_a_call_24_hours_after_the_reminder_is_kept_and_a_second_less_is_not(
    tables: Tables, call: str, verdict: Judged
) -> None:
    assert judge(tables, "call_without_wait", "S", book(REMINDER, told("S", call, "call"))) == verdict
    after_restart = book(REMINDER, told("S", call, "call"), accounts=(BEFORE_LOG, OTHER))
    wanted = unsure("log_start") if verdict != NOT_JUDGED else NOT_JUDGED
    assert judge(tables, "call_without_wait", "S", after_restart) == wanted


@pytest.mark.parametrize(
    ("reminder", "verdict"),
    [
        (REMINDER, KEPT),
        (replace(REMINDER, outcome="undelivered"), BREACH),
        (replace(REMINDER, purpose="reply"), BREACH),
        (replace(REMINDER, at=at("06-05 09:00:00")), BREACH),  # at the same moment as the call
        (replace(REMINDER, at=at("05-25 09:00:00"), local_date=date(2026, 5, 25)), BREACH),  # before the spell
        (replace(REMINDER, local_date=None), unsure("time_zone")),
    ],
)
def test_a_delivered_reminder_stands_before_the_first_call(tables: Tables, reminder: Contact, verdict: Judged) -> None:
    made = book(reminder, told("S", "06-05 09:00:00", "call"))
    assert judge(tables, "call_without_reminder", "S", made) == verdict


@pytest.mark.parametrize(
    ("paid", "verdict"),
    [
        ((), KEPT),
        ((Paid("P", date(2026, 6, 4), Decimal(10)),), BREACH),
        ((Paid("P", date(2026, 6, 3), Decimal(10)),), KEPT),  # the day of the reminder: may have come before it
        ((Paid("P", date(2026, 6, 6), Decimal(10)),), KEPT),  # the day of the call: may have come after it
        ((Paid("P", date(2026, 6, 4), Decimal(10)), Paid("B", date(2026, 6, 5), Decimal(10), "P")), KEPT),  # bounced
        ((Paid("P", date(2026, 6, 4), Decimal(10)), Paid("B", date(2026, 6, 6), Decimal(10), "P")), KEPT),  # that day
        ((Paid("P", date(2026, 6, 4), Decimal(10)), Paid("B", date(2026, 6, 5), Decimal(4), "P")), BREACH),
        ((Paid("P", date(2026, 6, 4), Decimal(10)), Paid("B", date(2026, 6, 7), Decimal(10), "P")), BREACH),
    ],
)
def test_no_money_came_in_between_reminder_and_first_call(
    tables: Tables, paid: tuple[Paid, ...], verdict: Judged
) -> None:
    contacts = (REMINDER, told("S", "06-06 09:00:00", "call"))
    assert (
        judge(tables, "call_after_payment", "S", book(*contacts, accounts=(replace(OWED, paid=paid), OTHER))) == verdict
    )
    no_payments = book(*contacts, accounts=(OWED, replace(OTHER, paid=())))
    assert judge(tables, "call_after_payment", "S", no_payments) == unsure("payments")


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (told("I", "06-03 09:00:01", "sms", direction="in"), BREACH),
        (told("I", "06-03 09:00:00", "sms", direction="in"), KEPT),
        (told("I", "06-06 09:00:00", "call", direction="in"), KEPT),
        (told("I", "06-04 09:00:00", "call", direction="in", role="spouse"), KEPT),
        (told("I", "06-04 09:00:00", "sms", role="spouse"), KEPT),
        (told("I", "06-04 09:00:00", "sms", local_date=None, purpose="reminder"), unsure("time_zone")),
    ],
)
def test_the_debtor_had_not_answered_between_reminder_and_first_call(
    tables: Tables, answer: Contact, verdict: Judged
) -> None:
    made = book(REMINDER, answer, told("S", "06-06 09:00:00", "call"))
    assert judge(tables, "call_after_response", "S", made) == verdict


SAID = told("S", "06-10 09:00:00", "call", response="promise", outcome="conversation")


def promise(made: str, due: str, amount: int = 50, **given: Any) -> Promise:
    moment = at(f"{made} 10:00:00")
    return Promise("Z", 1, moment, moment.date(), date.fromisoformat(f"2026-{due}"), Decimal(amount), **given)


@pytest.mark.parametrize(
    ("promises", "verdict"),
    [
        ((promise("06-10", "06-20"),), KEPT),
        ((promise("06-12", "06-20"),), KEPT),
        ((promise("06-13", "06-20"),), BREACH),
        ((promise("06-09", "06-20"),), BREACH),
        ((promise("06-12", "07-20", contact="S"),), KEPT),
        ((promise("06-30", "07-20", contact="S"),), BREACH),
        ((), BREACH),
    ],
)
def test_a_promise_that_was_made_is_recorded_within_two_days(
    tables: Tables, promises: tuple[Promise, ...], verdict: Judged
) -> None:
    assert judge(tables, "promise_recorded", "S", book(SAID, promises=promises)) == verdict
    assert judge(tables, "promise_recorded", "S", book(SAID, missing=frozenset({"promises"}))) == unsure("promises")


@pytest.mark.parametrize(("as_of", "verdict"), [(date(2026, 6, 11), NOT_JUDGED), (date(2026, 6, 12), BREACH)])
def test_what_was_said_is_judged_once_the_days_to_record_it_are_over(
    tables: Tables, as_of: date, verdict: Judged
) -> None:
    assert judge(tables, "promise_recorded", "S", book(SAID), as_of=as_of) == verdict


def dispute(opened: str, acknowledged: str | None = None, resolved: str | None = None) -> Dispute:
    return Dispute("D", 1, at(opened), at(opened).date(), acknowledged and at(acknowledged), resolved and at(resolved))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("disputes", "verdict"),
    [
        ((dispute("06-12 09:00:00"),), KEPT),
        ((dispute("06-13 09:00:00"),), BREACH),
        ((dispute("06-08 09:00:00", None, "06-08 12:00:00"),), KEPT),
        ((dispute("06-05 09:00:00"),), KEPT),  # open already
        ((dispute("06-05 09:00:00", None, "06-09 09:00:00"),), BREACH),  # an older one, answered before
        ((), BREACH),
    ],
)
def test_a_dispute_that_was_raised_is_recorded_or_open_already(
    tables: Tables, disputes: tuple[Dispute, ...], verdict: Judged
) -> None:
    said = replace(SAID, response="dispute")
    assert judge(tables, "dispute_recorded", "S", book(said, disputes=disputes)) == verdict
    assert judge(tables, "dispute_recorded", "S", book(said, missing=frozenset({"disputes"}))) == unsure("disputes")


@pytest.mark.parametrize(
    ("flags", "verdict"),
    [
        ((Flag("F", 1, "hardship", date(2026, 6, 12)),), KEPT),
        ((Flag("F", 1, "hardship", date(2026, 6, 13)),), BREACH),
        ((Flag("F", 1, "hardship", date(2026, 5, 1), date(2026, 6, 10)),), KEPT),
        ((Flag("F", 1, "hardship", date(2026, 5, 1), date(2026, 6, 9)),), BREACH),
        ((Flag("F", 1, "hardship", date(2026, 6, 10), account=2),), BREACH),
        ((Flag("F", 1, "attorney", date(2026, 6, 10)),), BREACH),
    ],
)
def test_hardship_that_was_told_is_flagged(tables: Tables, flags: tuple[Flag, ...], verdict: Judged) -> None:
    said = replace(SAID, response="hardship")
    assert judge(tables, "hardship_recorded", "S", book(said, flags=flags)) == verdict
    assert judge(tables, "hardship_recorded", "S", book(said, missing=frozenset({"flags"}))) == unsure("flags")


@pytest.mark.parametrize(("due", "verdict"), [("07-25", KEPT), ("07-26", BREACH)])
def test_a_promise_45_days_ahead_is_kept_and_46_are_too_far(tables: Tables, due: str, verdict: Judged) -> None:
    assert judge(tables, "promise_horizon", "Z", book(promises=(promise("06-10", due),))) == verdict


@pytest.mark.parametrize(
    ("seen", "amount", "verdict"),
    [
        ([(9, 50)], 50, KEPT),
        ([(9, 50)], 51, BREACH),
        ([(8, 10), (9, 51)], 51, KEPT),
        ([(9, 50), (10, 0)], 50, KEPT),  # the evening of the day it was made is too late
        ([(10, 50)], 50, unsure("snapshots.balance")),
        ([], 50, unsure("snapshots.balance")),
    ],
)
def test_no_more_is_promised_than_was_owed_on_the_last_day_seen_before(
    tables: Tables, seen: list[tuple[int, int]], amount: int, verdict: Judged
) -> None:
    account = replace(OWED, seen=tuple((date(2026, 6, day), day - 1, Decimal(balance)) for day, balance in seen))
    made = book(accounts=(account, OTHER), promises=(promise("06-10", "06-20", amount),))
    assert judge(tables, "promise_amount", "Z", made) == verdict


def reminded(when: str, **given: Any) -> Contact:
    return told("R", f"{when} 09:00:00", "sms", purpose="promise_reminder", **given)


@pytest.mark.parametrize(
    ("contacts", "verdict"),
    [
        ([reminded("06-16")], BREACH),  # four days before
        ([reminded("06-17")], KEPT),  # three
        ([reminded("06-19")], KEPT),
        ([reminded("06-20")], BREACH),  # the due date itself
        ([reminded("06-19", role="spouse")], BREACH),
        ([reminded("06-19", direction="in")], BREACH),
        ([told("R", "06-19 09:00:00", "sms", purpose="reminder")], BREACH),
        ([], BREACH),
    ],
)
def test_a_promise_is_reminded_of_in_the_three_days_before_its_due_date(
    tables: Tables, contacts: Sequence[Contact], verdict: Judged
) -> None:
    promises = (promise("06-10", "06-20"),)
    assert judge(tables, "promise_reminder", "Z", book(*contacts, promises=promises)) == verdict
    blank = book(promises=promises, missing=frozenset({"contacts.purpose"}))
    assert judge(tables, "promise_reminder", "Z", blank) == unsure("contacts.purpose")


@pytest.mark.parametrize(
    ("given", "paid", "as_of", "verdict"),
    [
        (promise("06-10", "06-20"), (), date(2026, 6, 20), BREACH),
        (promise("06-10", "06-20"), (), date(2026, 6, 19), NOT_JUDGED),  # not due yet
        (promise("06-10", "06-11"), (), date(2026, 7, 1), NOT_JUDGED),  # for the next day
        (promise("06-10", "06-12"), (), date(2026, 7, 1), BREACH),
        (promise("06-10", "06-20", withdrawn=date(2026, 6, 19)), (), date(2026, 7, 1), NOT_JUDGED),
        (promise("06-10", "06-20", withdrawn=date(2026, 6, 20)), (), date(2026, 7, 1), BREACH),
        (promise("06-10", "06-20"), (Paid("P", date(2026, 6, 19), Decimal(50)),), date(2026, 7, 1), NOT_JUDGED),
        (promise("06-10", "06-20"), (Paid("P", date(2026, 6, 20), Decimal(50)),), date(2026, 7, 1), BREACH),
        (promise("05-15", "05-22"), (), date(2026, 7, 1), unsure("log_start")),  # from the 19th on
        (promise("05-15", "05-23"), (), date(2026, 7, 1), BREACH),
        (promise("05-18", "05-21"), (), date(2026, 7, 1), unsure("log_start")),  # from the day after it was made on
        (promise("05-19", "05-21"), (), date(2026, 7, 1), BREACH),
    ],
)
def test_which_promises_need_a_reminder(
    tables: Tables, given: Promise, paid: tuple[Paid, ...], as_of: date, verdict: Judged
) -> None:
    made = book(accounts=(replace(OWED, paid=paid), OTHER), promises=(given,))
    assert judge(tables, "promise_reminder", "Z", made, as_of=as_of) == verdict


@pytest.mark.parametrize(
    ("call", "given", "paid", "verdict"),
    [
        ("06-10 11:00:00", promise("06-10", "06-20"), (), KEPT),  # the day it was made
        ("06-11 09:00:00", promise("06-10", "06-20"), (), BREACH),
        ("06-19 09:00:00", promise("06-10", "06-20"), (), BREACH),
        ("06-20 09:00:00", promise("06-10", "06-20"), (), KEPT),  # the due date
        ("06-16 09:00:00", promise("06-10", "06-20", withdrawn=date(2026, 6, 15)), (), KEPT),
        ("06-16 09:00:00", promise("06-10", "06-20"), (Paid("P", date(2026, 6, 15), Decimal(50)),), KEPT),
        ("06-16 09:00:00", promise("06-10", "06-20"), (Paid("P", date(2026, 6, 15), Decimal(49)),), BREACH),
        ("08-01 09:00:00", promise("05-15", "05-25"), (), unsure("log_start")),
        ("06-15 09:00:00", promise("06-10", "06-20"), (Paid("P", date(2026, 6, 15), Decimal(50)),), BREACH),  # that day
        ("06-15 09:00:00", promise("06-10", "06-20", withdrawn=date(2026, 6, 15)), (), BREACH),
        ("08-01 09:00:00", promise("05-18", "05-25"), (), unsure("log_start")),
        ("08-01 09:00:00", promise("05-19", "05-25"), (), KEPT),
        ("08-01 09:00:00", promise("05-10", "05-11"), (), KEPT),  # no day lies between
    ],
)
def test_nobody_presses_by_telephone_while_a_promise_runs(
    tables: Tables, call: str, given: Promise, paid: tuple[Paid, ...], verdict: Judged
) -> None:
    contact = told("S", call, "call", purpose="demand")
    made = book(contact, accounts=(replace(OWED, paid=paid), OTHER), promises=(given,))
    assert judge(tables, "promise_quiet", "Z", made) == verdict
    quiet = book(replace(contact, purpose="promise_reminder"), promises=(promise("06-10", "06-20"),))
    assert judge(tables, "promise_quiet", "Z", quiet) == KEPT


def test_the_call_that_disturbed_a_promise_is_the_first_one(tables: Tables) -> None:
    tables.load(
        book(
            told("Z9", "06-12 09:00:00", "call"),
            told("A1", "06-14 09:00:00", "call"),
            promises=(promise("06-10", "06-20"),),
        )
    )
    (row,) = tables.ask("process/promise_facts", **SETTINGS)
    assert (row["disturbed_by"], row["disturbed_on"]) == ("Z9", date(2026, 6, 12))


@pytest.mark.parametrize(
    ("acknowledged", "resolved", "verdict"),
    [
        ("06-11 09:00:00", None, KEPT),  # one day
        ("06-11 09:00:00.500000", None, BREACH),
        ("06-12 09:00:00", None, BREACH),  # two
        (None, "06-11 09:00:00", KEPT),  # an answer acknowledges
        (None, "06-12 09:00:00", BREACH),
        (None, None, BREACH),
    ],
)
def test_a_dispute_is_acknowledged_within_a_day(
    tables: Tables, acknowledged: str | None, resolved: str | None, verdict: Judged
) -> None:
    made = book(disputes=(dispute("06-10 09:00:00", acknowledged, resolved),))
    assert judge(tables, "dispute_acknowledged", "D", made) == verdict
    blank = book(disputes=(dispute("06-10 09:00:00"),), missing=frozenset({"disputes.acknowledged_at"}))
    assert judge(tables, "dispute_acknowledged", "D", blank) == unsure("disputes.acknowledged_at")


@pytest.mark.parametrize(
    ("resolved", "as_of", "verdict"),
    [
        ("07-10 09:00:00", date(2026, 10, 31), KEPT),  # 30 days
        ("07-10 09:00:01", date(2026, 10, 31), BREACH),
        (None, date(2026, 7, 10), NOT_JUDGED),  # still open within its time
        (None, date(2026, 7, 11), BREACH),
        ("07-11 09:00:00", date(2026, 7, 10), NOT_JUDGED),  # what comes later is not known yet
    ],
)
def test_a_dispute_is_answered_within_30_days(
    tables: Tables, resolved: str | None, as_of: date, verdict: Judged
) -> None:
    made = book(disputes=(dispute("06-10 09:00:00", None, resolved),))
    assert judge(tables, "dispute_answered", "D", made, as_of=as_of) == verdict
    blank = book(disputes=(dispute("06-10 09:00:00"),), missing=frozenset({"disputes.resolved_at"}))
    assert judge(tables, "dispute_answered", "D", blank) == unsure("disputes.resolved_at")


@pytest.mark.parametrize(
    ("day", "days_past_due", "stage", "verdict"),
    [
        ("06-02", 1, "M1", BREACH),
        ("07-01", 30, "M1", BREACH),
        ("07-02", 31, "M2-M3", KEPT),
        ("08-30", 90, "M2-M3", KEPT),
        ("08-31", 91, "later", KEPT),
    ],
)
def test_day_30_is_m1_and_day_31_is_not_so_a_letter_may_go_out(
    tables: Tables, day: str, days_past_due: int, stage: str, verdict: Judged
) -> None:
    made = book(told("L", f"{day} 09:00:00", "letter"))
    assert judge(tables, "escalation_early", "L", made) == verdict
    (row,) = tables.ask("process/touches", **SETTINGS)
    assert (row["days_past_due"], row["stage"]) == (days_past_due, stage)


@pytest.mark.parametrize(
    ("before", "account", "verdict"),
    [
        (told("R", "06-03 09:00:00", "sms"), OWED, KEPT),
        (told("R", "06-03 09:00:00", "call", outcome="no_answer"), OWED, KEPT),
        (told("R", "06-03 09:00:00", "letter"), OWED, BREACH),
        (told("R", "07-10 09:00:00", "sms"), OWED, KEPT),  # at the same moment, and its number comes first
        (told("S", "07-10 09:00:00", "sms"), OWED, BREACH),
        (told("R", "06-03 09:00:00", "sms", role="employer"), OWED, BREACH),
        (told("R", "06-03 09:00:00", "sms"), BEFORE_LOG, KEPT),
        (told("R", "06-03 09:00:00", "letter"), BEFORE_LOG, unsure("log_start")),
        (told("R", "06-03 09:00:00", "sms", local_date=None), OWED, unsure("time_zone")),
    ],
)
def test_a_letter_comes_after_a_quieter_word(
    tables: Tables, before: Contact, account: Account, verdict: Judged
) -> None:
    made = book(before, replace(told("RL", "07-10 09:00:00", "letter")), accounts=(account, OTHER))
    assert judge(tables, "escalation_unprepared", "RL", made) == verdict


@pytest.mark.parametrize(
    ("step", "given", "verdict"),
    [
        (told("S", "07-02 09:00:00", "call"), {}, KEPT),  # day 31, the first after the early stage
        (told("S", "07-31 09:00:00", "call"), {}, KEPT),  # day 60, the last of the thirty
        (told("S", "08-01 09:00:00", "call"), {}, BREACH),
        (told("S", "07-01 09:00:00", "call"), {}, BREACH),  # still in the early stage
        (told("S", "07-10 09:00:00", "sms"), {}, BREACH),
        (told("S", "07-10 09:00:00", "visit"), {}, KEPT),
        (REMINDER, {"flags": (Flag("F", 1, "hardship", date(2026, 7, 31)),)}, NOT_JUDGED),
        (REMINDER, {"flags": (Flag("F", 1, "hardship", date(2026, 8, 1)),)}, BREACH),
        (REMINDER, {"flags": (Flag("F", 1, "deceased", date(2026, 6, 1), person="GUARANTOR"),)}, BREACH),
        (REMINDER, {"disputes": (dispute("07-31 09:00:00"),)}, NOT_JUDGED),
        (REMINDER, {"disputes": (dispute("06-10 09:00:00", None, "07-01 09:00:00"),)}, BREACH),
        (REMINDER, {"accounts": (paid_on(date(2026, 8, 1)), OTHER)}, BREACH),
        (REMINDER, {"accounts": (paid_on(date(2026, 7, 31)), OTHER)}, NOT_JUDGED),  # only 29 days
        (REMINDER, {"accounts": (due_on(date(2026, 4, 19)), OTHER)}, BREACH),
        (REMINDER, {"accounts": (due_on(date(2026, 4, 18)), OTHER)}, unsure("log_start")),
    ],
)
def test_collection_steps_up_in_the_thirty_days_after_the_early_stage(
    tables: Tables, step: Contact, given: dict[str, Any], verdict: Judged
) -> None:
    assert judge(tables, "escalation_late", "A1", book(step, **given)) == verdict


CURED = Paid("P", date(2026, 6, 10), Decimal(100))


@pytest.mark.parametrize(
    ("day", "purpose", "verdict"),
    [
        ("06-09", "demand", KEPT),
        ("06-10", "demand", KEPT),  # the day it was paid
        ("06-11", "demand", KEPT),  # a day for posting
        ("06-12", "demand", BREACH),
        ("06-12", None, BREACH),
        ("06-12", "reply", NOT_JUDGED),
        ("05-25", "demand", NOT_JUDGED),  # before anything was due
    ],
)
def test_no_demand_goes_out_after_everything_overdue_was_paid(
    tables: Tables, day: str, purpose: str | None, verdict: Judged
) -> None:
    contact = told("S", f"{day} 09:00:00", "call", purpose=purpose)
    made = book(contact, accounts=(replace(OWED, paid=(CURED,)), OTHER))
    assert judge(tables, "after_payment", "S", made) == verdict


@pytest.mark.parametrize(("day", "verdict"), [("06-09", KEPT), ("06-12", unsure("instalments, payments"))])
def test_where_only_snapshots_are_given_nobody_knows_when_it_was_paid(
    tables: Tables, day: str, verdict: Judged
) -> None:
    seen = tuple((date(2026, 6, n), days, Decimal(100)) for n, days in ((9, 8), (20, 0)))
    made = book(told("S", f"{day} 09:00:00", "call"), accounts=(replace(OWED, seen=seen, is_daily=False), OTHER))
    assert judge(tables, "after_payment", "S", made) == verdict


PART = Template("PART", "sms", "1", IN_MESSAGES.replace(",deadline", "").replace(",", "|"))


@pytest.mark.parametrize(
    ("template", "templates", "verdict"),
    [
        ("FULL", (COMPLETE,), KEPT),
        ("PART", (PART,), BREACH),
        ("FULL", (COMPLETE, replace(PART, id="FULL", version="2")), unsure("templates.elements")),
        ("FULL", (replace(COMPLETE, elements=None),), unsure("templates.elements")),
        ("FULL", (), unsure("templates.elements")),
        (None, (COMPLETE,), unsure("contacts.template_id")),
    ],
)
def test_a_reminder_says_all_that_it_must(
    tables: Tables, template: str | None, templates: tuple[Template, ...], verdict: Judged
) -> None:
    made = book(replace(REMINDER, template=template), templates=templates)
    assert judge(tables, "template_elements", "R", made) == verdict
    reply = book(replace(REMINDER, template=template, purpose="reply"), templates=templates)
    assert judge(tables, "template_elements", "R", reply) == NOT_JUDGED


@pytest.mark.parametrize("lacking", IN_LETTERS.split(","))
def test_a_letter_lacks_each_element_in_its_turn(tables: Tables, lacking: str) -> None:
    letter = told("L", "07-10 09:00:00", "letter", template="T")
    wanted = IN_LETTERS.split(",")
    whole = Template("T", "letter", "1", "|".join(wanted))
    part = replace(whole, elements="|".join(each for each in wanted if each != lacking))
    assert judge(tables, "template_elements", "L", book(letter, templates=(whole,))) == KEPT
    assert judge(tables, "template_elements", "L", book(letter, templates=(part,))) == BREACH


@pytest.mark.parametrize(("outcome", "verdict"), [("delivered", KEPT), ("no_answer", KEPT), ("unknown", BREACH)])
def test_every_contact_is_logged_with_its_outcome(tables: Tables, outcome: str, verdict: Judged) -> None:
    assert judge(tables, "log_completeness", "R", book(replace(REMINDER, outcome=outcome))) == verdict


@pytest.mark.parametrize(
    ("channel", "collector", "template", "caller", "verdict"),
    [
        ("call", "K1", None, None, KEPT),
        ("call", None, "T", None, BREACH),
        ("call", None, None, "ai", NOT_JUDGED),
        ("visit", None, None, "human", BREACH),
        ("sms", None, "T", None, KEPT),
        ("sms", "K1", None, None, BREACH),
        ("sms", "K1", None, "ai", BREACH),  # a machine's message has a template too
    ],
)
def test_a_talk_names_who_held_it_and_a_message_its_template(
    tables: Tables, channel: str, collector: str | None, template: str | None, caller: str | None, verdict: Judged
) -> None:
    made = book(told("S", "06-03 09:00:00", channel, collector=collector, template=template, caller=caller))
    assert judge(tables, "traceable", "S", made) == verdict


@pytest.mark.parametrize(("channel", "column"), [("call", "collector_id"), ("sms", "template_id")])
def test_a_log_without_the_column_cannot_be_traced_and_says_which(tables: Tables, channel: str, column: str) -> None:
    contact = told("S", "06-03 09:00:00", channel, collector=None, template=None)
    made = book(contact, missing=frozenset({f"contacts.{column}"}))
    assert judge(tables, "traceable", "S", made) == unsure(f"contacts.{column}")


@pytest.mark.parametrize(
    ("known", "rate", "missing", "verdict"),
    [
        (FIELDS, "0.24", (), KEPT),
        (("name", "id_number"), "0.24", (), BREACH),  # no telephone number
        (FIELDS, None, (), BREACH),
        (FIELDS, None, ("accounts.annual_rate",), unsure("annual_rate")),
        (("name", "id_number"), None, ("accounts.annual_rate",), BREACH),  # what is known to be lacking comes first
        (
            ("name",),
            None,
            ("accounts.annual_rate", "debtors.phone", "debtors.id_number"),
            unsure("annual_rate, id_number, phone"),
        ),
    ],
)
def test_an_account_is_known_before_it_is_contacted(
    tables: Tables, known: tuple[str, ...], rate: str | None, missing: tuple[str, ...], verdict: Judged
) -> None:
    made = book(
        REMINDER,
        debtors=(replace(WHOLE, known=frozenset(known)),),
        accounts=(replace(OWED, rate=None if rate is None else Decimal(rate)), OTHER),
        missing=frozenset(missing),
    )
    assert judge(tables, "mandatory_fields", "A1", made) == verdict
    silent = replace(made, contacts=(OLD,))
    assert judge(tables, "mandatory_fields", "A1", silent) == NOT_JUDGED


@pytest.mark.parametrize(
    ("due", "day", "days"), [(date(2024, 2, 28), date(2024, 3, 1), 2), (date(2023, 12, 31), date(2024, 1, 1), 1)]
)
def test_leap_day_and_new_year_are_days_like_others(tables: Tables, due: date, day: date, days: int) -> None:
    account = replace(OWED, dues=((due, Decimal(100)),))
    contact = Contact("L", 1, datetime.combine(day, datetime.min.time()) + timedelta(hours=9), day, "letter")
    made = SmallBook(due - timedelta(days=5), day + timedelta(days=30), (WHOLE,), (account,), (contact,))
    tables.load(made)
    (row,) = tables.ask("process/touches", as_of=made.until)
    assert row["days_past_due"] == days


@pytest.mark.parametrize(
    ("rule", "item", "made", "last", "verdict"),
    [
        ("first_touch", "R", book(REMINDER), date(2026, 6, 3), KEPT),
        ("log_completeness", "R", book(REMINDER), date(2026, 6, 3), KEPT),
        ("mandatory_fields", "A1", book(REMINDER), date(2026, 6, 3), KEPT),
        ("promise_recorded", "S", book(SAID, promises=(promise("06-12", "06-20"),)), date(2026, 6, 12), KEPT),
        ("promise_horizon", "Z", book(promises=(promise("06-10", "06-20"),)), date(2026, 6, 10), KEPT),
        (
            "promise_quiet",
            "Z",
            book(told("S", "06-15 09:00:00", "call"), promises=(promise("06-10", "06-20"),)),
            date(2026, 6, 15),
            BREACH,
        ),
        (
            "dispute_acknowledged",
            "D",
            book(disputes=(dispute("06-10 09:00:00", "06-10 12:00:00"),)),
            date(2026, 6, 10),
            KEPT,
        ),
    ],
)
def test_the_day_of_judgement_itself_is_known_and_the_next_is_not(
    tables: Tables, rule: str, item: str, made: SmallBook, last: date, verdict: Judged
) -> None:
    assert judge(tables, rule, item, made, as_of=last) == verdict
    assert judge(tables, rule, item, made, as_of=last - timedelta(days=1)) == NOT_JUDGED
