"""What the lender does about late accounts, within the law: reminders first, calls after a wait, letters, holds."""

from __future__ import annotations

import numpy as np

from duewatch.demo.conduct import (
    CHANNEL,
    EARLIEST,
    EARLIEST_TWO_ZONES,
    FIRST_CALL_FROM,
    FLAG,
    HOUR,
    LAST_CALL,
    OUTCOME,
    PLACE,
    PURPOSE,
    REMINDER_CHANNELS,
    REMINDER_TEMPLATES,
    RESPONSE,
    ROLE,
    STYLE,
    TEMPLATE,
    assignment_log,
    call_times,
    contact_log,
    dispute_log,
    flag_log,
    morning,
    promise_log,
)  # fmt: skip
from duewatch.demo.ledger import ALL_ARREARS, absolute
from duewatch.demo.parameters import CAUSE_SHARES, STAGE_FROM
from duewatch.demo.portfolio import TWO_ZONES, pick
from duewatch.demo.repayment import Repayment
from duewatch.demo.staff import Staff
from duewatch.demo.timeline import DAY_SECONDS, NEVER, NEVER_BEFORE, Bools, Floats, Ints

LETTER_FROM, LETTER_BY = 31, 39
VISIT_FROM = 61
DAYS_BEFORE_DUE = (7, 3, 1)
UNKNOWN_CAUSE = 4
STANDARD, HOLDOUT = 0, 1
ARMS = ("standard", "holdout")
NONE_YET = -1


class Treatment:
    """Spell state by account, and the logs. Days are day numbers; NEVER_BEFORE / NEVER where nothing happened."""

    def __init__(self, repayment: Repayment, staff: Staff, rng: np.random.Generator) -> None:
        self.repayment, self.ledger, self.book = repayment, repayment.ledger, repayment.book
        self.terms, self.days, self.staff, self.rng = repayment.terms, repayment.days, staff, rng
        n = self.book.size
        self.contacts, self.promises, self.flags = contact_log(), promise_log(), flag_log()
        self.disputes, self.assignments = dispute_log(), assignment_log()
        self.spells = dict.fromkeys(("begun", "ended", "ended_without_a_talk", "ended_within_30_days"), 0)
        self.began_on, self.talked = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.bool_)
        self.in_spell = np.zeros(n, dtype=np.bool_)
        self.reminded_on, self.remind_from = np.full(n, NEVER_BEFORE), np.zeros(n, dtype=np.int64)
        self.called, self.letter_sent = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
        self.promise_due, self.promise_left = np.full(n, NEVER_BEFORE), np.zeros(n, dtype=np.int64)
        self.promise_reminder = np.zeros(n, dtype=np.bool_)
        self.quiet_until, self.hold_until = np.full(n, NEVER_BEFORE), np.full(n, NEVER_BEFORE)
        self.phone, self.cause = np.zeros(n, dtype=np.int64), np.full(n, UNKNOWN_CAUSE)
        self.stage, self.collector = np.full(n, NONE_YET), np.full(n, NONE_YET)
        self.assigned_on = np.zeros(n, dtype=np.int64)
        self.written_off, self.legal = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
        self.restructure_on, self.tried_on = np.full(n, NEVER), np.full(n, NEVER_BEFORE)
        self.responses: list[tuple[Ints, Ints]] = []
        self.earliest = np.where(self.book.zone_kind == TWO_ZONES, EARLIEST_TWO_ZONES, EARLIEST)
        self.natural_cause = pick(rng, CAUSE_SHARES, n)

    def run_day(self, day: int) -> None:
        late = self.ledger.delinquent(day)
        late = late[~self.book.reserved[late]]
        is_late = np.zeros(self.book.size, dtype=np.bool_)
        is_late[late] = True
        self._end_spells(np.flatnonzero(self.in_spell & ~is_late), day)
        self._begin_spells(late[~self.in_spell[late]], day)
        self._move_status(late, day)
        self._assign(late, day)
        self._count_toward_promises(day)
        free = late[(self.hold_until[late] < day) & ~self.legal[late] & (self.ledger.paid_today[late] != day)]
        self._remind_before_due(day)
        self._remind_of_promises(day)
        self._remind(free, day)
        self._send_letters(free, day)
        self._call(free, day)
        self._answer_inbound(free, day)

    # -- spells, status and who works the account

    def _begin_spells(self, acc: Ints, day: int) -> None:
        self.in_spell[acc], self.began_on[acc], self.talked[acc] = True, day, False
        self.spells["begun"] += len(acc)
        self.reminded_on[acc] = NEVER_BEFORE
        self.called[acc] = self.letter_sent[acc] = False
        self.repayment.may_pay_in_part[acc] = False
        self.remind_from[acc] = day + pick(self.rng, (0.6, 0.25, 0.15), len(acc))

    def _end_spells(self, acc: Ints, day: int) -> None:
        self.spells["ended"] += len(acc)
        self.spells["ended_without_a_talk"] += int((~self.talked[acc]).sum())
        self.spells["ended_within_30_days"] += int((day - self.began_on[acc] <= 30).sum())
        self.in_spell[acc] = self.written_off[acc] = self.legal[acc] = False
        self.repayment.may_pay_in_part[acc] = False
        self._close_assignments(acc, day)

    def _move_status(self, late: Ints, day: int) -> None:
        dpd = day - self.ledger.oldest[late]
        draw = self.rng.random(len(late))
        self.written_off[late[(dpd > 180) & (draw < self.terms.write_off_daily)]] = True
        self.legal[late[(dpd > 90) & (dpd <= 180) & (draw < self.terms.legal_daily)]] = True

    def _assign(self, late: Ints, day: int) -> None:
        stage = np.searchsorted(STAGE_FROM, day - self.ledger.oldest[late], side="right") - 1
        moved = stage != self.stage[late]
        acc, stage = late[moved], stage[moved]
        self._close_assignments(acc, day - 1)
        self.stage[acc], self.assigned_on[acc] = stage, day
        self.collector[acc] = self.staff.of_desk(stage + 3 * self.book.usd[acc], self.rng.random(len(acc)))

    def _close_assignments(self, acc: Ints, last_day: int) -> None:
        acc = acc[self.stage[acc] != NONE_YET]
        self._log_assignments(acc, np.maximum(last_day, self.assigned_on[acc]))
        self.stage[acc] = NONE_YET

    def close(self) -> None:
        """At the end of the window: assignments that are still open."""
        acc = np.flatnonzero(self.stage != NONE_YET)
        self._log_assignments(acc, np.full(len(acc), -1))

    def _log_assignments(self, acc: Ints, until: Ints) -> None:
        arm = np.where(self.book.holdout[acc] & (self.stage[acc] == 0), HOLDOUT, STANDARD)
        self.assignments.add(
            len(acc), acc=acc, collector=self.collector[acc], since=self.assigned_on[acc], until=until, arm=arm
        )

    # -- reminders and letters

    def _notice(self, acc: Ints, day: int, **columns: object) -> Ints:
        """A message in the morning slot; returns row numbers."""
        return self.contacts.add(
            len(acc), acc=acc, day=day, recorded=self.rng.integers(5, 90, len(acc)),
            **{"second": morning(self.rng, len(acc)), "phone": self.phone[acc], **columns},
        )  # fmt: skip

    def _remind_before_due(self, day: int) -> None:
        """A week, three days and one day before the due date, while it is unpaid."""
        soon = np.isin(self.ledger.oldest - day, DAYS_BEFORE_DUE)
        acc = np.flatnonzero(soon & self.book.reminded_before_due)
        current = self.ledger.paid_today[acc] != day
        acc = acc[current & (self.hold_until[acc] < day) & ~self.book.reserved[acc]]
        channel = np.where(self.rng.random(len(acc)) < 0.5, CHANNEL["sms"], CHANNEL["app"])
        self._notice(
            acc, day, channel=channel, outcome=OUTCOME["delivered"], purpose=PURPOSE["reminder"],
            template=TEMPLATE["T-PRE-DUE"],
        )  # fmt: skip

    def _count_toward_promises(self, day: int) -> None:
        """Payments of the day fulfil the open promise, which is then open no longer."""
        acc = np.flatnonzero((self.promise_due >= day) & (self.ledger.paid_today == day))
        self.promise_left[acc] -= self.ledger.amount_today[acc]
        settled = acc[(self.ledger.oldest[acc] >= day) | (self.promise_left[acc] <= 0)]
        self.promise_due[settled] = NEVER_BEFORE

    def _remind_of_promises(self, day: int) -> None:
        acc = np.flatnonzero((self.promise_due == day + 1) & self.promise_reminder)
        acc = acc[(self.hold_until[acc] < day) & (self.ledger.oldest[acc] < day)]
        self._notice(
            acc, day, channel=CHANNEL["sms"], outcome=OUTCOME["delivered"], purpose=PURPOSE["promise_reminder"],
            template=TEMPLATE["T-PROMISE"],
        )  # fmt: skip

    def _remind(self, free: Ints, day: int) -> None:
        """First touch of a spell by the preferred quiet channel until one is delivered; then again after a week."""
        since = day - self.reminded_on[free]
        first = (self.reminded_on[free] == NEVER_BEFORE) & (self.remind_from[free] <= day)
        again = np.isin(since, (7, 14, 21)) & (self.promise_due[free] < day) & (self.rng.random(len(free)) < 0.6)
        acc = free[first | again]
        is_first = first[first | again]
        kind = self.book.channel[acc]
        delivered = self.rng.random(len(acc)) < 0.97
        self._notice(
            acc, day, channel=REMINDER_CHANNELS[kind], template=REMINDER_TEMPLATES[kind], purpose=PURPOSE["reminder"],
            outcome=np.where(delivered, OUTCOME["delivered"], OUTCOME["undelivered"]),
        )  # fmt: skip
        self.reminded_on[acc[is_first & delivered]] = day

    def _send_letters(self, free: Ints, day: int) -> None:
        """A formal demand once the account is in its second month."""
        dpd = day - self.ledger.oldest[free]
        ready = (dpd >= LETTER_FROM) & ~self.letter_sent[free] & (self.reminded_on[free] >= 0)
        acc = free[ready & ((self.rng.random(len(free)) < 0.3) | (dpd >= LETTER_BY)) & (self.promise_due[free] < day)]
        self.letter_sent[acc] = True
        self._notice(
            acc, day, second=FIRST_CALL_FROM + self.rng.integers(0, 6 * HOUR, len(acc)), channel=CHANNEL["letter"],
            outcome=np.where(self.rng.random(len(acc)) < 0.96, OUTCOME["delivered"], OUTCOME["undelivered"]),
            template=TEMPLATE["T-LETTER-DEMAND"], place=PLACE["home"], collector=self.collector[acc],
        )  # fmt: skip

    # -- calls and visits

    def _call(self, free: Ints, day: int) -> None:
        acc = self._one_per_debtor(free[self._may_be_called(free, day)])
        wanted = self.rng.random(len(acc)) < self._call_share(acc, day)
        acc = acc[wanted]
        dpd = day - self.ledger.oldest[acc]
        second = call_times(self.rng, self.earliest[acc], (~self.called[acc]).astype(np.int64))
        visit = (dpd >= VISIT_FROM) & ~self.book.usd[acc] & (self.rng.random(len(acc)) < 0.01)
        visit &= not self.days.is_weekend(day)
        self.called[acc] = self.repayment.may_pay_in_part[acc] = True
        missed = self._attempt(acc, day, np.where(visit, np.minimum(second, 18 * HOUR), second), visit)
        self._call_again(missed, day)

    def _may_be_called(self, acc: Ints, day: int) -> Bools:
        waited = (self.reminded_on[acc] >= 0) & (day - self.reminded_on[acc] >= self.terms.first_reminder_wait_days)
        held_out = self.book.holdout[acc] & (day - self.ledger.oldest[acc] <= 30)
        free: Bools = waited & ~held_out & (self.promise_due[acc] < day) & (self.quiet_until[acc] < day)
        return free

    def _one_per_debtor(self, acc: Ints) -> Ints:
        """Of two late accounts of one debtor only the older debt is called about on a day."""
        candidate = np.zeros(self.book.size, dtype=np.bool_)
        candidate[acc] = True
        other = self.book.partner[acc]
        rivals = (other >= 0) & candidate[other]
        mine, theirs = self.ledger.oldest[acc], self.ledger.oldest[other]
        kept: Ints = acc[~(rivals & ((theirs < mine) | ((theirs == mine) & (other < acc))))]
        return kept

    def _call_share(self, acc: Ints, day: int) -> Floats:
        """Aimed at worse accounts: by stage and grade, which are on file, and by judgement, which is not."""
        terms = self.terms
        stage = np.where(self.written_off[acc], 3, self.stage[acc])
        odds = np.array(terms.call_log_odds)[stage] + np.array(terms.call_grade_log_odds)[self.book.grade[acc]]
        share = 1 / (1 + np.exp(-(odds + terms.call_judgement_log_odds * self.book.judgement[acc])))
        return np.asarray(share * (terms.call_weekend_factor if self.days.is_weekend(day) else 1.0))

    def _call_again(self, missed: tuple[Ints, Ints], day: int) -> None:
        """A second try on the same day, some hours later, where the first rang out (Chinese accounts only)."""
        acc, second = missed
        again = ~self.book.usd[acc] & (second < 16 * HOUR)
        again &= self.rng.random(len(acc)) < self.terms.second_attempt_share
        later = second[again] + self.rng.integers(2 * HOUR, 4 * HOUR, int(again.sum()))
        self._attempt(acc[again], day, np.minimum(later, LAST_CALL), np.zeros(int(again.sum()), dtype=np.bool_))

    def _attempt(self, acc: Ints, day: int, second: Ints, visit: Bools) -> tuple[Ints, Ints]:
        """Dial or knock; returns (accounts, times) of the tries that nobody answered."""
        n = len(acc)
        self.tried_on[acc] = day
        robot = (self.stage[acc] == 0) & ~visit & (self.rng.random(n) < 0.25)
        outcome = self._outcomes(acc, second, visit)
        talk = outcome == OUTCOME["conversation"]
        end = np.where(talk, self.rng.integers(45, 420, n), self.rng.integers(8, 40, n))
        rows = self.contacts.add(
            n, acc=acc, day=day, second=second, end=end, recorded=end + self.rng.integers(10, 3600, n),
            channel=np.where(visit, CHANNEL["visit"], CHANNEL["call"]), outcome=outcome,
            place=np.where(visit, PLACE["home"], PLACE["mobile"]), role=self._roles(outcome),
            style=np.where(robot, STYLE["notify"], STYLE["interactive"]), right_party=_right_party(outcome),
            collector=self.collector[acc], phone=self.phone[acc], caller=np.where(visit, -1, robot),
        )  # fmt: skip
        self.phone[acc[outcome == OUTCOME["wrong_number"]]] += 1
        self._talk(acc[talk], day, second[talk] + end[talk], rows[talk], robot[talk])
        unanswered = outcome == OUTCOME["no_answer"]
        return acc[unanswered], second[unanswered]

    def _outcomes(self, acc: Ints, second: Ints, visit: Bools) -> Ints:
        terms = self.terms
        talk = np.full(len(acc), terms.conversation_share)
        talk = talk * np.where(second >= 18 * HOUR, terms.conversation_evening_factor, 1.0)
        talk = talk * np.where(self.stage[acc] == 2, terms.conversation_late_stage_factor, 1.0)
        others = ("not_connected", "no_answer", "answered_dropped", "voicemail_left", "voicemail_no_message",
                  "third_party_answered", "wrong_number")  # fmt: skip
        codes = np.array([OUTCOME[name] for name in others])
        drawn = codes[pick(self.rng, (0.14, 0.62, 0.08, 0.08, 0.04, 0.025, 0.015), len(acc))]
        drawn = np.where(visit, OUTCOME["no_answer"], drawn)
        return np.where(self.rng.random(len(acc)) < talk, OUTCOME["conversation"], drawn).astype(np.int64)

    @staticmethod
    def _roles(outcome: Ints) -> Ints:
        stranger = (outcome == OUTCOME["third_party_answered"]) | (outcome == OUTCOME["wrong_number"])
        return np.where(stranger, ROLE["unknown"], ROLE["debtor"])

    def _answer_inbound(self, free: Ints, day: int) -> None:
        """A few debtors who have been called before call back themselves."""
        able = self.called[free] & (self.tried_on[free] != day)
        acc = free[able & (self.rng.random(len(free)) < self.terms.inbound_daily)]
        n = len(acc)
        end = self.rng.integers(40, 400, n)
        second = self.rng.integers(FIRST_CALL_FROM, LAST_CALL, n)
        self.contacts.add(
            n, acc=acc, day=day, second=second, end=end, recorded=end + 60, channel=CHANNEL["call"], direction=1,
            style=STYLE["interactive"], outcome=OUTCOME["conversation"], right_party=1, purpose=PURPOSE["reply"],
            response=RESPONSE["none"], collector=self.collector[acc], phone=self.phone[acc], caller=0,
        )  # fmt: skip
        self._feel(acc, day)

    # -- what a talk with the debtor leads to

    def _feel(self, acc: Ints, day: int) -> None:
        """A talk raises the hazard of the next days; where Regulation F holds, it also begins a quiet week."""
        self.talked[acc] = True
        extra = self.staff.log_hazard[self.collector[acc]]
        self.repayment.effect_until[acc] = day + self.terms.contact_effect_days
        self.repayment.effect[acc] = self.terms.contact_log_hazard + extra
        self.repayment.effect_level[acc] = np.where(extra == 0, 1, np.where(extra > 0, 2, 3))
        american = acc[self.book.usd[acc]]
        others = self.book.partner[american]
        self.quiet_until[american] = day + 6
        self.quiet_until[others[others >= 0]] = day + 6

    def _talk(self, acc: Ints, day: int, end: Ints, rows: Ints, robot: Bools) -> None:
        self._feel(acc, day)
        self.cause[acc] = self.natural_cause[acc]
        acc, end, rows = acc[~robot], end[~robot], rows[~robot]
        n = len(acc)
        odds = self.terms.promise_log_odds + self.staff.promise_log_odds[self.collector[acc]]
        promise = self.rng.random(n) < 1 / (1 + np.exp(-odds))
        terms = self.terms
        other = pick(self.rng, (terms.share_dispute, terms.share_hardship, terms.share_refusal, 1.0), n)
        codes = np.array([RESPONSE[name] for name in ("dispute", "hardship", "refusal", "none")])
        response = np.where(promise, RESPONSE["promise"], codes[other])
        self.responses.append((rows, response))
        self._promise(acc[promise], day, end[promise], rows[promise])
        self._dispute(acc[response == RESPONSE["dispute"]], day, end[response == RESPONSE["dispute"]])
        self._hardship(acc[response == RESPONSE["hardship"]], day, end[response == RESPONSE["hardship"]])
        self._cease(acc[response == RESPONSE["refusal"]], day, end[response == RESPONSE["refusal"]])

    def _promise(self, acc: Ints, day: int, end: Ints, rows: Ints) -> None:
        """Kept more often when small and near. The payment that keeps it falls after the days of the talk's effect."""
        n, terms = len(acc), self.terms
        arrears = self.ledger.arrears(acc)
        part = np.floor(arrears * self.rng.uniform(0.3, 0.8, n) / 1000) * 1000
        amount = np.where((self.rng.random(n) < 0.6) | (part < 1000), arrears, part).astype(np.int64)
        ahead = self.rng.integers(terms.promise_days[0], terms.promise_days[1] + 1, n)
        size = np.log(amount / np.where(self.book.usd[acc], 22_000, 100_000))
        odds = terms.keep_log_odds + terms.keep_per_day * ahead + terms.keep_per_log_amount * size
        keeps = self.rng.random(n) < 1 / (1 + np.exp(-odds))
        omitted = self.rng.random(n) < terms.reminder_omitted_share
        self.promises.add(
            n, acc=acc, contact=rows, made=absolute(day, end), due=day + ahead, amount=amount, kept_drawn=keeps,
            reminder_omitted=omitted,
        )  # fmt: skip
        self.promise_due[acc], self.promise_left[acc] = day + ahead, amount
        self.promise_reminder[acc] = ~omitted
        when = self.rng.integers(day + terms.contact_effect_days + 1, day + ahead[keeps] + 1)
        self.repayment.promise(acc[keeps], when, amount[keeps])

    def _dispute(self, acc: Ints, day: int, end: Ints) -> None:
        """Acknowledged within a day, answered within weeks, and no contact until then."""
        n = len(acc)
        opened = absolute(day, end)
        resolved = absolute(day + self.rng.integers(4, 18, n), 15 * HOUR + self.rng.integers(0, 2 * HOUR, n))
        self.disputes.add(
            n, acc=acc, opened=opened, reason=self.rng.integers(0, 4, n), resolved=resolved,
            acknowledged=opened + self.rng.integers(HOUR, 20 * HOUR, n), upheld=self.rng.random(n) < 0.25,
        )  # fmt: skip
        self.flags.add(n, acc=acc, kind=FLAG["dispute"], since=opened, until=resolved, known=opened)
        self.hold_until[acc] = resolved // DAY_SECONDS

    def _hardship(self, acc: Ints, day: int, end: Ints) -> None:
        """Noted for a month; some reach an arrangement, pay what is late and are restructured."""
        opened = absolute(day, end)
        self.flags.add(
            len(acc), acc=acc, kind=FLAG["hardship"], since=opened, until=opened + 30 * DAY_SECONDS, known=opened
        )
        agreed = acc[(self.rng.random(len(acc)) < 0.15) & ~self.written_off[acc]]
        when = day + self.rng.integers(8, 20, len(agreed))
        self.restructure_on[agreed] = when
        self.repayment.promise(agreed, when, ALL_ARREARS)

    def _cease(self, acc: Ints, day: int, end: Ints) -> None:
        """Some American debtors ask in writing to be left alone; all contact ends with both of their debts."""
        ceased = self.book.usd[acc] & (self.rng.random(len(acc)) < self.terms.share_cease)
        acc, end = acc[ceased], end[ceased]
        since = absolute(day + 1, 8 * HOUR)
        self.flags.add(len(acc), acc=acc, kind=FLAG["cease_contact"], since=since, known=since, whole_debtor=1)
        self.hold_until[acc] = NEVER
        others = self.book.partner[acc]
        self.hold_until[others[others >= 0]] = NEVER


def _right_party(outcome: Ints) -> Ints:
    wrong = (outcome == OUTCOME["third_party_answered"]) | (outcome == OUTCOME["wrong_number"])
    return np.where(outcome == OUTCOME["conversation"], 1, np.where(wrong, 0, -1))
