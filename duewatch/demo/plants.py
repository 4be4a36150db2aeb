"""The faults that are planted, each as a script on accounts of its own, so that one breach never implies another
unnoticed. Days count from the first day past due (day 0 is one day past due); times are the debtor's wall time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

EITHER, CN, US = -1, 0, 1
GB_HOURS, CBA_HOURS, REG_F_HOURS = "cn.gbt_45251.hours", "cn.cba_2026.hours", "us.reg_f.hours"
GB_THIRD, CBA_THIRD = "cn.gbt_45251.third_party", "cn.cba_2026.third_party"
HOUSE_THIRD = "house.third_party_authorisation"


@dataclass(frozen=True)
class Step:
    """One contact. `fault`: its id goes into truth.json. `late_days`: recorded so many days later.
    `talk`: length in seconds. Other fields as in the source contract."""

    day: int
    time: str
    channel: str = "call"
    outcome: str = "no_answer"
    fault: bool = False
    direction: str = "out"
    role: str = "debtor"
    place: str = "mobile"
    style: str = "interactive"
    purpose: str = "demand"
    response: str | None = None
    person: int = 0
    caller: str | None = "human"
    template: str | None = None
    late_days: int = 0

    @property
    def second(self) -> int:
        hours, minutes = self.time.split(":")
        return int(hours) * 3600 + int(minutes) * 60


@dataclass(frozen=True)
class FlagStep:
    kind: str
    day: int
    time: str = "08:30"
    until_day: int | None = None
    person: int = 0
    detail: str | None = None


@dataclass(frozen=True)
class PromiseStep:
    """`share`: of the arrears; `over_balance`: of everything owed instead. Made in the contact of step `at`."""

    at: int
    ahead: int
    share: float = 1.0
    over_balance: bool = False
    withdrawn_day: int | None = None


@dataclass(frozen=True)
class DisputeStep:
    day: int
    acknowledged_day: int | None
    resolved_day: int | None


@dataclass(frozen=True)
class Plant:
    """`kind` names the fault; `rules`: the ids of the rules it breaks (`process`: requirement of the process rules);
    `what`: ids listed are those of contacts, promises, disputes, accounts. `length`: days late until all is paid.
    `exempt`: looks like a breach, is lawful. `two_zones`: the debtor has two plausible zones."""

    kind: str
    rules: tuple[str, ...]
    currency: int
    steps: tuple[Step, ...]
    what: str = "contacts"
    length: int = 25
    flags: tuple[FlagStep, ...] = ()
    promise: PromiseStep | None = None
    dispute: DisputeStep | None = None
    part_paid_day: int | None = None
    all_paid_day: int | None = None
    incomplete: bool = False
    two_zones: bool = False
    exempt: bool = False
    process: tuple[str, ...] = ()
    assumes: dict[str, Any] = field(default_factory=dict)


def _sms(day: int, time: str = "09:30", outcome: str = "delivered", **more: Any) -> Step:
    """A reminder by the debtor's own quiet channel (planted debtors prefer text messages)."""
    filled = {"style": "notify", "purpose": "reminder", "caller": None, "template": "T-SMS-REMINDER"} | more
    return Step(day, time, "sms", outcome, **filled)


FIRST = _sms(0)
"""The lawful first touch; calls may follow from day 4."""


def _calls(day: int, times: str, *, lawful: int, **more: Any) -> tuple[Step, ...]:
    """Calls at these times of one day; those after the first `lawful` are faults."""
    return tuple(Step(day, time, fault=number >= lawful, **more) for number, time in enumerate(times.split()))


REG_F_BASE = (FIRST, *_calls(5, "11:00 15:00 18:00", lawful=3), *_calls(6, "11:00 15:00", lawful=2))
PLANTS: tuple[Plant, ...] = (
    Plant(
        "cn_interactive_voice_daily",
        ("cn.gbt_45251.interactive_voice_daily",),
        CN,
        (FIRST, *_calls(6, "10:40 12:30 15:00 17:30 19:45", lawful=3, outcome="conversation", response="none")),
    ),
    Plant(
        "cn_notify_voice_daily",
        ("cn.gbt_45251.notify_voice_daily",),
        CN,
        (
            FIRST,
            *_calls(
                6, "10:40 12:30 15:00 17:30 19:45", lawful=3, outcome="answered_dropped", style="notify", caller="ai"
            ),
        ),
    ),
    Plant(
        "cn_unanswered_daily",
        ("cn.cba_2026.unanswered_daily",),
        CN,
        (FIRST, *_calls(6, "10:40 11:50 13:00 14:10 15:20 16:30 17:40 18:50", lawful=6)),
    ),
    Plant("cn_hours_late_call", (GB_HOURS, CBA_HOURS), CN, (FIRST, Step(6, "22:30", fault=True))),
    Plant("cn_hours_early_message", (GB_HOURS, CBA_HOURS), CN, (FIRST, _sms(7, "07:20", fault=True))),
    Plant(
        "cn_third_party",
        (GB_THIRD, CBA_THIRD, HOUSE_THIRD),
        CN,
        (
            FIRST,
            Step(6, "14:00", outcome="conversation", role="emergency_contact", purpose="relay", person=1, fault=True),
        ),
    ),
    Plant(
        "cn_third_party_after_refusal",
        (GB_THIRD, CBA_THIRD, HOUSE_THIRD, "house.refused_contact"),
        CN,
        (
            FIRST,
            Step(
                8,
                "14:00",
                outcome="conversation",
                role="emergency_contact",
                purpose="locate",
                person=1,
                response="refusal",
            ),
            Step(11, "15:00", outcome="conversation", role="emergency_contact", purpose="locate", person=1, fault=True),
        ),
        flags=(FlagStep("unreachable", 7), FlagStep("contact_refused", 8, "14:30", person=1)),
        process=("R3.8",),
    ),
    Plant(
        "us_call_frequency",
        ("us.reg_f.call_frequency",),
        US,
        (*REG_F_BASE, *_calls(8, "11:00 15:00", lawful=2), *_calls(9, "11:00 15:00", lawful=0)),
    ),
    Plant(
        "us_quiet_period_after_call",
        ("us.reg_f.quiet_period",),
        US,
        (FIRST, Step(5, "11:00", outcome="conversation", response="none"), Step(8, "16:00", fault=True)),
    ),
    Plant(
        "us_quiet_period_after_inbound",
        ("us.reg_f.quiet_period",),
        US,
        (
            FIRST,
            Step(5, "11:00"),
            Step(6, "12:00", outcome="conversation", direction="in", purpose="reply", response="none"),
            Step(12, "16:00", fault=True),
        ),
    ),
    Plant("us_hours_late_call", ("us.reg_f.hours",), US, (FIRST, Step(6, "21:30", fault=True))),
    Plant("us_hours_early_message", ("us.reg_f.hours",), US, (FIRST, _sms(7, "07:30", fault=True))),
    Plant("us_hours_in_the_other_zone", ("us.reg_f.hours",), US, (FIRST, Step(6, "08:30", fault=True)), two_zones=True),
    Plant("us_workplace", ("us.reg_f.workplace",), US, (FIRST, Step(6, "14:00", place="work", fault=True))),
    Plant(
        "us_cease_contact",
        ("us.reg_f.cease_contact", "house.stop_contact"),
        US,
        (FIRST, Step(8, "14:00", fault=True)),
        flags=(FlagStep("cease_contact", 6),),
    ),
    Plant(
        "us_attorney",
        ("us.reg_f.attorney", "house.attorney_hold"),
        US,
        (FIRST, Step(8, "14:00", fault=True)),
        flags=(FlagStep("attorney", 6),),
    ),
    Plant(
        "demand_during_dispute",
        ("house.dispute_hold",),
        EITHER,
        (FIRST, Step(5, "11:00", outcome="conversation", response="dispute"), Step(14, "14:00", fault=True)),
        flags=(FlagStep("dispute", 5, "11:10", until_day=18),),
        dispute=DisputeStep(5, 5, 18),
        process=("R2.15",),
    ),
    Plant(
        "wrong_number_called_again",
        ("house.wrong_number",),
        EITHER,
        (FIRST, Step(5, "11:00", outcome="wrong_number", role="unknown"), Step(9, "14:00", fault=True)),
        process=("R1.3",),
    ),
    Plant(
        "contact_after_paid_in_full",
        ("house.after_payment",),
        EITHER,
        (FIRST, Step(12, "14:00", fault=True)),
        all_paid_day=8,
        process=("X2",),
    ),
    Plant(
        "first_touch_call",
        ("house.first_touch", "house.call_without_reminder"),
        EITHER,
        (Step(2, "14:00", fault=True),),
        process=("R2.3", "R2.5a"),
    ),
    Plant(
        "first_touch_off_preferred_channel",
        ("house.preferred_channel",),
        EITHER,
        (
            Step(
                0,
                "09:30",
                "email",
                "delivered",
                style="notify",
                purpose="reminder",
                caller=None,
                template="T-EMAIL-REMINDER",
                fault=True,
            ),
        ),
        process=("R2.2",),
    ),
    Plant(
        "call_without_reminder",
        ("house.call_without_reminder",),
        EITHER,
        (_sms(0, outcome="undelivered"), Step(5, "14:00", fault=True)),
        process=("R2.5a",),
    ),
    Plant(
        "call_without_wait",
        ("house.call_without_wait",),
        EITHER,
        (_sms(1), Step(1, "14:00", fault=True)),
        process=("R2.5b",),
        assumes={"waited_hours": 4.5},
    ),
    Plant(
        "call_after_payment",
        ("house.call_after_payment",),
        EITHER,
        (FIRST, Step(6, "14:00", fault=True)),
        part_paid_day=3,
        process=("R2.5c",),
    ),
    Plant(
        "call_after_response",
        ("house.call_after_response",),
        EITHER,
        (
            FIRST,
            Step(
                2,
                "12:00",
                "sms",
                "delivered",
                direction="in",
                style="notify",
                purpose="reply",
                response="none",
                caller=None,
            ),
            Step(6, "14:00", fault=True),
        ),
        process=("R2.5d",),
    ),
    Plant(
        "promise_without_pre_due_reminder",
        ("house.promise_reminder",),
        EITHER,
        (FIRST, Step(5, "11:00", outcome="conversation", response="promise")),
        what="promises",
        promise=PromiseStep(1, 6, 0.5),
        process=("R2.11",),
    ),
    Plant(
        "promise_beyond_horizon",
        ("house.promise_horizon",),
        EITHER,
        (FIRST, Step(5, "11:00", outcome="conversation", response="promise")),
        what="promises",
        promise=PromiseStep(1, 75, 0.5, withdrawn_day=15),
        process=("R2.10",),
        assumes={"days_ahead": 75},
    ),
    Plant(
        "promise_over_balance",
        ("house.promise_amount",),
        EITHER,
        (
            FIRST,
            Step(5, "11:00", outcome="conversation", response="promise"),
            _sms(10, purpose="promise_reminder", template="T-PROMISE"),
        ),
        what="promises",
        promise=PromiseStep(1, 6, 1.5, over_balance=True),
        process=("R2.10",),
        assumes={"times_owed": 1.5},
    ),
    Plant(
        "call_while_promise_is_open",
        ("house.promise_quiet",),
        CN,
        (
            FIRST,
            Step(5, "11:00", outcome="conversation", response="promise"),
            Step(8, "14:00", fault=True),
            _sms(12, purpose="promise_reminder", template="T-PROMISE"),
        ),
        promise=PromiseStep(1, 8, 0.5),
        process=("R2.12",),
    ),
    Plant(
        "late_recording",
        ("house.late_recording",),
        EITHER,
        (FIRST, Step(6, "14:00", late_days=5, fault=True)),
        process=("R2.9",),
        assumes={"days_late": 5},
    ),
    Plant(
        "dispute_not_acknowledged",
        ("house.dispute_acknowledged", "house.dispute_answered"),
        EITHER,
        (FIRST, Step(5, "11:00", outcome="conversation", response="dispute")),
        what="disputes",
        flags=(FlagStep("dispute", 5, "11:10"),),
        dispute=DisputeStep(5, None, None),
        process=("R2.14",),
    ),
    Plant(
        "dispute_acknowledged_late",
        ("house.dispute_acknowledged",),
        EITHER,
        (FIRST, Step(5, "11:00", outcome="conversation", response="dispute")),
        what="disputes",
        flags=(FlagStep("dispute", 5, "11:10", until_day=18),),
        dispute=DisputeStep(5, 12, 18),
        process=("R2.14",),
        assumes={"days_late": 7},
    ),
    Plant(
        "dispute_without_record",
        ("house.dispute_recorded",),
        EITHER,
        (FIRST, Step(5, "11:00", outcome="conversation", response="dispute", fault=True)),
        process=("R2.13",),
    ),
    Plant(
        "escalation_too_early",
        ("house.escalation_early",),
        EITHER,
        (
            FIRST,
            Step(
                12,
                "11:00",
                "letter",
                "delivered",
                place="home",
                style="notify",
                caller=None,
                template="T-LETTER-DEMAND",
                fault=True,
            ),
        ),
        process=("R3.0",),
    ),
    Plant(
        "escalation_too_late",
        ("house.escalation_late",),
        EITHER,
        (FIRST, _sms(7), _sms(14), _sms(35), _sms(50)),
        what="accounts",
        length=62,
        process=("R3.0",),
    ),
    Plant(
        "contacted_with_missing_fields",
        ("house.mandatory_fields",),
        EITHER,
        (FIRST, Step(6, "14:00")),
        what="accounts",
        incomplete=True,
        process=("R1.1",),
        assumes={"empty": ["id_number", "phone", "contract_no"]},
    ),
    Plant(
        "incomplete_template",
        ("house.template_elements",),
        EITHER,
        (FIRST, _sms(7, template="T-SMS-OLD", fault=True)),
        process=("R2.4",),
    ),
    Plant(
        "outcome_not_recorded",
        ("house.log_completeness",),
        EITHER,
        (FIRST, Step(6, "14:00", outcome="unknown", fault=True)),
        process=("R2.8",),
    ),
    Plant(
        "promise_without_record",
        ("house.promise_recorded",),
        EITHER,
        (FIRST, Step(5, "11:00", outcome="conversation", response="promise", fault=True)),
        process=("R2.10",),
    ),
    Plant(
        "hardship_without_record",
        ("house.hardship_recorded",),
        EITHER,
        (FIRST, Step(5, "11:00", outcome="conversation", response="hardship", fault=True)),
        process=("R2.16",),
    ),
    Plant(
        "contact_that_names_no_template",
        ("house.traceable",),
        EITHER,
        (FIRST, _sms(7, template=None, fault=True)),
        process=("X5",),
    ),
    Plant(
        "letter_without_a_word_before",
        ("house.escalation_unprepared", "house.first_touch"),
        EITHER,
        (
            Step(
                35,
                "11:00",
                "letter",
                "delivered",
                place="home",
                style="notify",
                caller=None,
                template="T-LETTER-DEMAND",
                fault=True,
            ),
            _sms(52),
        ),
        length=62,
        process=("R3.0", "R2.3"),
    ),
    Plant(
        "letter_not_followed_up",
        ("house.letter_followed_up",),
        EITHER,
        (
            FIRST,
            _sms(7),
            _sms(14),
            Step(
                35,
                "11:00",
                "letter",
                "delivered",
                place="home",
                style="notify",
                caller=None,
                template="T-LETTER-DEMAND",
                fault=True,
            ),
        ),
        length=75,
        process=("R3.7", "R3.14"),
    ),
    Plant(
        "agreed_hours",
        (),
        CN,
        (FIRST, Step(6, "22:30", fault=True)),
        exempt=True,
        flags=(FlagStep("agreed_hours", 1, detail="08:00-23:00"),),
    ),
    Plant(
        "location_call_when_unreachable",
        (),
        CN,
        (
            FIRST,
            Step(
                8,
                "14:00",
                outcome="conversation",
                role="emergency_contact",
                purpose="locate",
                person=1,
                response="none",
                fault=True,
            ),
        ),
        flags=(FlagStep("unreachable", 7),),
        exempt=True,
    ),
    Plant(
        "call_frequency_consent",
        (),
        US,
        (*REG_F_BASE, *_calls(8, "11:00 15:00", lawful=2), *_calls(9, "11:00 15:00", lawful=0)),
        exempt=True,
        flags=(FlagStep("call_frequency_consent", 6, until_day=12),),
    ),
    Plant(
        "notice_after_cease",
        (),
        US,
        (
            FIRST,
            Step(
                9,
                "11:00",
                "letter",
                "delivered",
                place="home",
                style="notify",
                purpose="statutory_notice",
                caller=None,
                template="T-NOTICE",
                fault=True,
            ),
        ),
        flags=(FlagStep("cease_contact", 6),),
        exempt=True,
    ),
)
