"""Codes, templates and clock times of contacts, and the log they are written to."""

from __future__ import annotations

import numpy as np

from duewatch.contract.schema import CHANNELS, FLAG_KINDS, OUTCOMES, PARTY_ROLES, PURPOSES, RESPONSES
from duewatch.demo.log import Log
from duewatch.demo.timeline import Ints

CHANNEL = {name: number for number, name in enumerate(CHANNELS)}
OUTCOME = {name: number for number, name in enumerate(OUTCOMES)}
ROLE = {name: number for number, name in enumerate(PARTY_ROLES)}
PURPOSE = {name: number for number, name in enumerate(PURPOSES)}
RESPONSE = {name: number for number, name in enumerate(RESPONSES)}
FLAG = {name: number for number, name in enumerate(FLAG_KINDS)}
PLACES = ("home", "work", "mobile", "other")
PLACE = {name: number for number, name in enumerate(PLACES)}
STYLES = ("notify", "interactive")
STYLE = {name: number for number, name in enumerate(STYLES)}
DIRECTIONS = ("out", "in")
CALLERS = ("human", "ai")
ELEMENTS = ("name", "contract_no", "overdue_amount", "days_past_due", "minimum_due", "deadline", "payment_channel")
LETTER_ELEMENTS = (
    "debt_details",
    "days_past_due",
    "amount_split",
    "contract_basis",
    "deadline",
    "further_measures",
    "official_contact",
)
TEMPLATES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("T-SMS-REMINDER", "sms", "2", ELEMENTS),
    ("T-APP-REMINDER", "app", "2", ELEMENTS),
    ("T-EMAIL-REMINDER", "email", "2", ELEMENTS),
    ("T-PRE-DUE", "sms", "1", ELEMENTS),
    ("T-PROMISE", "sms", "1", ELEMENTS),
    ("T-LETTER-DEMAND", "letter", "3", LETTER_ELEMENTS),
    ("T-REPLY", "email", "1", ("name", "contract_no")),
    ("T-SMS-OLD", "sms", "1", ("name", "overdue_amount")),
    ("T-NOTICE", "letter", "1", LETTER_ELEMENTS),
)
TEMPLATE = {row[0]: number for number, row in enumerate(TEMPLATES)}
REMINDER_CHANNELS = np.array([CHANNEL["sms"], CHANNEL["app"], CHANNEL["email"], CHANNEL["sms"]])
"""By `Portfolio.channel`; the last is a debtor without a preference."""
REMINDER_TEMPLATES = np.array([0, 1, 2, 0])
PREFERENCES = ("sms", "app", "email", None)

HOUR = 3600
MORNING = (9 * HOUR + 300, 10 * HOUR + 1500)
"""Reminders go out in this slot, and first calls only later in the day, so that a wait of n dates is n x 24 hours."""
FIRST_CALL_FROM = 10 * HOUR + 1800
LAST_CALL = 20 * HOUR + 2700
EARLIEST, EARLIEST_TWO_ZONES = 8 * HOUR + 300, 9 * HOUR + 300
SYSTEM = -1


def contact_log() -> Log:
    """`end` and `recorded` are seconds after the start (end -1: none); `right_party` -1: not known; `person` 0: the
    debtor, n: the debtor's n-th other person; `phone`: version of the debtor's number; `plain`: wall time only."""
    return Log(
        acc=0,
        day=0,
        second=0,
        end=-1,
        recorded=60,
        channel=0,
        direction=0,
        role=ROLE["debtor"],
        place=PLACE["mobile"],
        style=STYLE["notify"],
        outcome=0,
        right_party=-1,
        purpose=PURPOSE["demand"],
        response=-1,
        collector=SYSTEM,
        template=-1,
        person=0,
        phone=0,
        caller=-1,
        plain=-1,
    )


def flag_log() -> Log:
    """Times in seconds of wall time; `until`, `known` -1: none. `person` as in contacts; `detail` -1: none."""
    return Log(acc=0, kind=0, since=0, until=-1, known=-1, person=0, whole_debtor=0, detail=-1)


def promise_log() -> Log:
    return Log(acc=0, contact=-1, made=0, due=0, amount=0, withdrawn=-1, kept_drawn=-1, reminder_omitted=0)


def dispute_log() -> Log:
    return Log(acc=0, opened=0, reason=0, acknowledged=-1, resolved=-1, upheld=-1)


def assignment_log() -> Log:
    return Log(acc=0, collector=0, since=0, until=-1, arm=0)


def morning(rng: np.random.Generator, n: int) -> Ints:
    return rng.integers(*MORNING, n)


def call_times(rng: np.random.Generator, earliest: Ints, first_call: Ints) -> Ints:
    """Half in office hours, a third in the evening, the rest early; a first call of a spell never early."""
    n = len(earliest)
    slot = np.searchsorted((0.12, 0.65), rng.random(n), side="right")
    slot = np.where((slot == 0) & (first_call == 1), 1, slot)
    low = np.array([EARLIEST, FIRST_CALL_FROM, 18 * HOUR])[slot]
    high = np.array([FIRST_CALL_FROM, 18 * HOUR, LAST_CALL])[slot]
    low = np.maximum(low, earliest)
    return np.asarray(low + np.floor(rng.random(n) * (high - low)), dtype=np.int64)
