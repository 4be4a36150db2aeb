"""Calls and visits: who is called on a day, when, with what outcome; and debtors who call back."""

from __future__ import annotations

import numpy as np

from duewatch.demo.call_cap import CallCap, Capped
from duewatch.demo.cases import Cases
from duewatch.demo.conduct import (
    CHANNEL,
    FIRST_CALL_FROM,
    HOUR,
    LAST_CALL,
    OUTCOME,
    PLACE,
    PURPOSE,
    RESPONSE,
    ROLE,
    STYLE,
    call_times,
)
from duewatch.demo.portfolio import pick
from duewatch.demo.talks import Talks
from duewatch.demo.timeline import Bools, Floats, Ints

VISIT_FROM = 61
STRANGERS = (OUTCOME["third_party_answered"], OUTCOME["wrong_number"])
NO_TALK = {
    "not_connected": 0.14,
    "no_answer": 0.62,
    "answered_dropped": 0.08,
    "voicemail_left": 0.08,
    "voicemail_no_message": 0.04,
    "third_party_answered": 0.025,
    "wrong_number": 0.015,
}
"""Shares of the outcomes of a try that leads to no conversation."""


class Calls:
    def __init__(self, cases: Cases, cap: CallCap | None = None) -> None:
        self.cases, self.ledger, self.book = cases, cases.ledger, cases.book
        self.terms, self.days, self.rng = cases.terms, cases.days, cases.rng
        self.talks = Talks(cases)
        self.capped = Capped(cap, self.book.size) if cap else None

    def run_day(self, free: Ints, day: int) -> None:
        """`free`: late accounts that may be contacted today."""
        self._call(free, day)
        self._answer_inbound(free, day)

    def _call(self, free: Ints, day: int) -> None:
        cases, rng = self.cases, self.rng
        acc = self._one_per_debtor(free[self._may_be_called(free, day)])
        drawn, share = rng.random(len(acc)), self._call_share(acc, day)
        if self.capped is None:
            acc = acc[drawn < share]
        else:
            acc = acc[self.capped.chosen(acc, share, drawn, day)]
            self.capped.note(acc, day)
        # what is learned in a call (a dispute, a wrong number) comes after the messages of that morning
        later = ~cases.called[acc] | (cases.noticed_on[self.book.debtor[acc]] == day)
        second = call_times(rng, cases.earliest[acc], later.astype(np.int64))
        visit = (day - self.ledger.oldest[acc] >= VISIT_FROM) & ~self.book.usd[acc] & (rng.random(len(acc)) < 0.01)
        visit &= not self.days.is_weekend(day)
        cases.called[acc] = cases.repayment.may_pay_in_part[acc] = True
        missed = self._attempt(acc, day, np.where(visit, np.minimum(second, 18 * HOUR), second), visit)
        self._call_again(missed, day)

    def _may_be_called(self, acc: Ints, day: int) -> Bools:
        cases, reminded_on = self.cases, self.cases.reminded_on[acc]
        waited = (reminded_on >= 0) & (day - reminded_on >= self.terms.first_reminder_wait_days)
        held_out = self.book.holdout[acc] & (day - self.ledger.oldest[acc] <= 30)
        free: Bools = waited & ~held_out & (cases.promise_due[acc] < day) & (cases.quiet_until[acc] < day)
        return free

    def _one_per_debtor(self, acc: Ints) -> Ints:
        """Of two late accounts of one debtor only the older debt is called about on a day."""
        candidate = np.zeros(self.book.size, dtype=np.bool_)
        candidate[acc] = True
        partner = self.book.partner[acc]
        rivals = (partner >= 0) & candidate[partner]
        mine, theirs = self.ledger.oldest[acc], self.ledger.oldest[partner]
        remaining: Ints = acc[~(rivals & ((theirs < mine) | ((theirs == mine) & (partner < acc))))]
        return remaining

    def _call_share(self, acc: Ints, day: int) -> Floats:
        """Aimed at worse accounts: by stage and grade, which are on file, and by judgement, which is not."""
        terms = self.terms
        stage = np.where(self.cases.written_off[acc], 3, self.cases.stage[acc])
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
        cases, n = self.cases, len(acc)
        cases.tried_on[acc] = day
        robot = (cases.stage[acc] == 0) & ~visit & (self.rng.random(n) < 0.25)
        outcome = self._outcomes(acc, second, visit)
        talk, stranger = outcome == OUTCOME["conversation"], np.isin(outcome, STRANGERS)
        end = np.where(talk, self.rng.integers(45, 420, n), self.rng.integers(8, 40, n))
        rows = cases.contacts.add(
            n,
            acc=acc,
            day=day,
            second=second,
            end=end,
            recorded=end + self.rng.integers(10, 3600, n),
            channel=np.where(visit, CHANNEL["visit"], CHANNEL["call"]),
            outcome=outcome,
            place=np.where(visit, PLACE["home"], PLACE["mobile"]),
            role=np.where(stranger, ROLE["unknown"], ROLE["debtor"]),
            style=np.where(robot, STYLE["notify"], STYLE["interactive"]),
            right_party=np.where(talk, 1, np.where(stranger, 0, -1)),
            collector=cases.collector[acc],
            phone=cases.phone[self.book.debtor[acc]],
            caller=np.where(visit, -1, robot),
        )
        cases.phone[cases.book.debtor[acc[outcome == OUTCOME["wrong_number"]]]] += 1
        self.talks.hold(acc[talk], day, second[talk] + end[talk], rows[talk], robot[talk])
        unanswered = outcome == OUTCOME["no_answer"]
        return acc[unanswered], second[unanswered]

    def _outcomes(self, acc: Ints, second: Ints, visit: Bools) -> Ints:
        terms = self.terms
        talk = np.full(len(acc), terms.conversation_share)
        talk = talk * np.where(second >= 18 * HOUR, terms.conversation_evening_factor, 1.0)
        talk = talk * np.where(self.cases.stage[acc] == 2, terms.conversation_late_stage_factor, 1.0)
        codes = np.array([OUTCOME[name] for name in NO_TALK])
        drawn = codes[pick(self.rng, tuple(NO_TALK.values()), len(acc))]
        drawn = np.where(visit, OUTCOME["no_answer"], drawn)
        return np.where(self.rng.random(len(acc)) < talk, OUTCOME["conversation"], drawn).astype(np.int64)

    def _answer_inbound(self, free: Ints, day: int) -> None:
        """A few debtors who have been called before call back themselves."""
        cases = self.cases
        able = cases.called[free] & (cases.tried_on[free] != day)
        acc = free[able & (self.rng.random(len(free)) < self.terms.inbound_daily)]
        n = len(acc)
        end = self.rng.integers(40, 400, n)
        second = self.rng.integers(FIRST_CALL_FROM, LAST_CALL, n)
        cases.contacts.add(
            n,
            acc=acc,
            day=day,
            second=second,
            end=end,
            recorded=end + 60,
            channel=CHANNEL["call"],
            direction=1,
            style=STYLE["interactive"],
            outcome=OUTCOME["conversation"],
            right_party=1,
            purpose=PURPOSE["reply"],
            response=RESPONSE["none"],
            collector=cases.collector[acc],
            phone=cases.phone[self.book.debtor[acc]],
            caller=0,
        )
        self.talks.take_effect(acc, day)
