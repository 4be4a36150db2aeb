"""The process rules a second time: plain loops over a small book, from the template and the words of the rules.

Days past due are counted from the ledger day by day, not taken from the book's stretches, and a spell's first
contact is found by looking at its contacts one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from tests.support.process_books import (
    DAY,
    IN_LETTERS,
    IN_MESSAGES,
    Account,
    Contact,
    Dispute,
    Paid,
    Promise,
    SmallBook,
    Spell,
    days_from,
)

QUIET = ("sms", "email", "app")
NO_COLLECTION = ("reply", "statutory_notice", "locate", "relay")
STOPS = ("cease_contact", "attorney", "deceased", "incapacitated", "hardship", "dispute", "contact_refused")
KEPT, BREACH, UNSURE = "kept", "breach", "not_assessable"
ZERO = Decimal(0)


class Verdict(NamedTuple):
    """`day`: the day that a period is judged by."""

    verdict: str
    missing: str | None
    day: date
    stage: str
    team: str | None = None


class Key(NamedTuple):
    """`item`: number of the contact, promise or dispute; of the account for an account; account and day of a spell."""

    rule: str
    item: str


Verdicts = dict[Key, Verdict]


@dataclass(frozen=True)
class Numbers:
    """What rules/process.toml and the settings may say otherwise."""

    early_days: int = 30
    middle_days: int = 90
    wait_hours: int = 24
    record_days: int = 2
    horizon_days: int = 45
    reminder_days: int = 3
    ack_days: int = 1
    answer_days: int = 30
    late_days: int = 30
    posting_days: int = 1
    grace_days: int = 1
    tolerance: Decimal = Decimal(1)
    fields: str = "name,id_number,phone,contract_no,annual_rate"


@dataclass(frozen=True)
class Touch:
    """A collection contact in its spell. `earlier`: those of the spell before it, in order."""

    contact: Contact
    spell: Spell
    earlier: tuple[Contact, ...]


class Reading:
    """One book as known on `as_of`, judged rule by rule."""

    def __init__(self, book: SmallBook, as_of: date, numbers: Numbers) -> None:
        self.book, self.as_of, self.numbers = book, as_of, numbers
        self.account = {each.key: each for each in book.accounts}
        self.debtor = {each.key: each for each in book.debtors}
        dated = [each.local_date for each in book.contacts if each.local_date]
        self.log_start = min(dated, default=None)
        self.contacts = [each for each in book.contacts if each.day <= as_of]
        self.days_past_due = cache(lambda key, day: self.account[key].days_past_due(day))

    def verdicts(self) -> Verdicts:
        found: Verdicts = {}
        for part in (
            self.first_steps(),
            self.call_steps(),
            self.responses(),
            self.promises(),
            self.disputes(),
            self.escalations(),
            self.late(),
            self.after_payment(),
            self.contacts_alone(),
            self.mandatory(),
        ):
            for key, verdict in part:
                assert key not in found, key
                found[key] = verdict
        return found

    # --- what the rules are read from

    def stage(self, account: int, day: date) -> str:
        days = self.days_past_due(account, day)
        if not days:
            return "current"
        return "M1" if days <= self.numbers.early_days else "M2-M3" if days <= self.numbers.middle_days else "later"

    def touches(self) -> Iterator[Touch]:
        for spell in self.book.spells:
            inside = sorted(
                (each for each in self.contacts if self._is_collection(each, spell)), key=lambda c: (c.at, c.id)
            )
            for n, contact in enumerate(inside):
                yield Touch(contact, spell, tuple(inside[:n]))

    def _is_collection(self, contact: Contact, spell: Spell) -> bool:
        return (
            contact.account == spell.account
            and contact.direction == "out"
            and is_to_debtor(contact)
            and contact.purpose not in NO_COLLECTION
            and spell.first <= contact.day <= (spell.last or self.as_of)
        )

    def unsure(self, touch: Touch) -> str | None:
        """Why nobody can say what came before this contact in its spell."""
        if self.log_start is not None and touch.spell.first < self.log_start:
            return "log_start"
        if any(each.local_date is None for each in (*touch.earlier, touch.contact)):
            return "time_zone"
        return None

    def touch_verdict(self, touch: Touch, verdict: str, missing: str | None = None) -> Verdict:
        contact, unsure = touch.contact, self.unsure(touch)
        stage = self.stage(contact.account, contact.day)
        stage = "M1" if stage == "current" else stage  # between two spells that count as one
        if unsure:
            return Verdict(UNSURE, unsure, contact.day, stage, contact.team)
        return Verdict(verdict, missing, contact.day, stage, contact.team)

    # --- first contact and first call of a spell

    def first_steps(self) -> Iterator[tuple[Key, Verdict]]:
        for touch in self.touches():
            contact = touch.contact
            if touch.earlier:
                continue
            is_quiet = contact.channel in QUIET
            yield Key("first_touch", contact.id), self.touch_verdict(touch, KEPT if is_quiet else BREACH)
            liked = self.debtor[self.account[contact.account].debtor].preferred
            if is_quiet and liked is None:
                wanting = "debtors.preferred_channel"
                yield Key("preferred_channel", contact.id), self.touch_verdict(touch, UNSURE, wanting)
            elif is_quiet and liked in QUIET:
                verdict = KEPT if contact.channel == liked else BREACH
                yield Key("preferred_channel", contact.id), self.touch_verdict(touch, verdict)

    def call_steps(self) -> Iterator[tuple[Key, Verdict]]:
        for touch in self.touches():
            call = touch.contact
            if call.channel != "call" or any(each.channel == "call" for each in touch.earlier):
                continue
            reminders = [
                each
                for each in touch.earlier
                if each.channel in QUIET and each.outcome == "delivered" and each.at < call.at
            ]
            verdict = KEPT if reminders else BREACH
            yield Key("call_without_reminder", call.id), self.touch_verdict(touch, verdict)
            if not reminders:
                continue
            first = reminders[0]
            is_soon = call.at - first.at < timedelta(hours=self.numbers.wait_hours)
            yield Key("call_without_wait", call.id), self.touch_verdict(touch, BREACH if is_soon else KEPT)
            yield (
                Key("call_after_response", call.id),
                self.touch_verdict(touch, BREACH if self._answered(first, call) else KEPT),
            )
            if any(each.paid for each in self.book.accounts):
                is_paid = self._paid_between(call.account, first.day, call.day)
                yield Key("call_after_payment", call.id), self.touch_verdict(touch, BREACH if is_paid else KEPT)
            else:
                yield Key("call_after_payment", call.id), self.touch_verdict(touch, UNSURE, "payments")

    def _answered(self, first: Contact, call: Contact) -> bool:
        return any(
            each.account == call.account
            and each.direction == "in"
            and is_to_debtor(each)
            and first.at < each.at < call.at
            for each in self.book.contacts
        )

    def _paid_between(self, account: int, first: date, last: date) -> bool:
        """Money on a day in between that had not bounced by the day of the call."""
        rows = self.account[account].paid
        return any(paid.reverses is None and first < paid.on < last and left_of(paid, rows, last) > 0 for paid in rows)

    # --- what the debtor said

    def responses(self) -> Iterator[tuple[Key, Verdict]]:
        kept_in = {"promise": "promises", "dispute": "disputes", "hardship": "flags"}
        for contact in self.contacts:
            last = contact.day + self.numbers.record_days * DAY
            if contact.response not in kept_in or last > self.as_of:
                continue
            table = kept_in[contact.response]
            verdict = KEPT if self._is_recorded(contact, last) else BREACH
            if table in self.book.missing:
                told = self._of_contact(contact, UNSURE, table)
            else:
                told = self._of_contact(contact, verdict)
            yield Key(f"{contact.response}_recorded", contact.id), told._replace(day=last)

    def _is_recorded(self, contact: Contact, last: date) -> bool:
        if contact.response == "promise":
            return any(
                each.account == contact.account
                and each.made_on <= last
                and (each.contact == contact.id or contact.day <= each.made_on <= last)
                for each in self.book.promises
            )
        if contact.response == "dispute":
            return any(self._is_that_dispute(each, contact, last) for each in self.book.disputes)
        debtor = self.account[contact.account].debtor
        return any(
            each.debtor == debtor
            and each.kind == "hardship"
            and each.account in (None, contact.account)
            and each.since <= last
            and (each.until is None or each.until >= contact.day)
            for each in self.book.flags
        )

    def _is_that_dispute(self, dispute: Dispute, contact: Contact, last: date) -> bool:
        if dispute.account != contact.account or dispute.opened_on > last:
            return False
        is_near = dispute.opened_on >= contact.day - self.numbers.record_days * DAY
        return is_near or dispute.resolved_at is None or dispute.resolved_at.date() >= contact.day

    def _of_contact(self, contact: Contact, verdict: str, missing: str | None = None) -> Verdict:
        return Verdict(verdict, missing, contact.day, self.stage(contact.account, contact.day), contact.team)

    # --- promises

    def promises(self) -> Iterator[tuple[Key, Verdict]]:
        for promise in self.book.promises:
            if promise.made_on <= self.as_of:
                yield from self._promise(promise)

    def _promise(self, promise: Promise) -> Iterator[tuple[Key, Verdict]]:
        state, last_paid = self.ledger()[promise.id]
        stage, team = self.stage(promise.account, promise.made_on), self._team_of(promise)
        ahead = (promise.due - promise.made_on).days
        verdict = BREACH if ahead > self.numbers.horizon_days else KEPT
        yield Key("promise_horizon", promise.id), Verdict(verdict, None, promise.made_on, stage, team)

        balance = self.balance_before(promise)
        amount = UNSURE if balance is None else BREACH if promise.amount > balance else KEPT
        wanting = "snapshots.balance" if balance is None else None
        yield Key("promise_amount", promise.id), Verdict(amount, wanting, promise.made_on, stage, team)

        is_over = promise.withdrawn is not None and promise.withdrawn < promise.due
        is_settled = state == "kept" and last_paid is not None and last_paid < promise.due
        if promise.due <= self.as_of and ahead > 1 and not is_over and not is_settled:
            verdict, missing = self._reminder(promise)
            yield Key("promise_reminder", promise.id), Verdict(verdict, missing, promise.due, stage, team)

        calls = self.pressing(promise)
        verdict, missing = self._quiet(promise, calls)
        ends = [promise.due, *([promise.withdrawn] if promise.withdrawn and promise.withdrawn <= self.as_of else [])]
        ends += [last_paid] if state == "kept" and last_paid else []
        day = min((each.day for each in calls), default=min(ends))
        if day <= self.as_of:
            yield Key("promise_quiet", promise.id), Verdict(verdict, missing, day, stage, team)

    def _reminder(self, promise: Promise) -> tuple[str, str | None]:
        """A reminder that the log does not hold may have been all the same, where the log cannot show it."""
        first = max(promise.due - self.numbers.reminder_days * DAY, promise.made_on + DAY)
        if self.is_reminded(promise):
            return KEPT, None
        if self.book.lacks("contacts", "purpose"):
            return UNSURE, "contacts.purpose"
        return (UNSURE, "log_start") if self._is_before_log(first) else (BREACH, None)

    def _quiet(self, promise: Promise, calls: Sequence[Contact]) -> tuple[str, str | None]:
        """A call of unknown purpose may have been the reminder; where no day lies between nothing can have happened."""
        if calls:
            return (UNSURE, "contacts.purpose") if self.book.lacks("contacts", "purpose") else (BREACH, None)
        has_days = (promise.due - promise.made_on).days > 1
        is_hidden = has_days and self._is_before_log(promise.made_on + DAY)
        return (UNSURE, "log_start") if is_hidden else (KEPT, None)

    def _is_before_log(self, day: date) -> bool:
        return self.log_start is None or day < self.log_start

    def _team_of(self, promise: Promise) -> str | None:
        return next((each.team for each in self.book.contacts if each.id == promise.contact), None)

    def balance_before(self, promise: Promise) -> Decimal | None:
        before = [row for row in self.account[promise.account].seen if row[0] < promise.made_on]
        return max(before)[2] if before else None

    def is_reminded(self, promise: Promise) -> bool:
        return any(
            each.account == promise.account
            and each.direction == "out"
            and is_to_debtor(each)
            and each.purpose == "promise_reminder"
            and promise.due - self.numbers.reminder_days * DAY <= each.day < promise.due
            and each.day > promise.made_on
            for each in self.contacts
        )

    def pressing(self, promise: Promise) -> list[Contact]:
        """Calls that demand between promise and due date, while it runs, in order."""
        state, last_paid = self.ledger()[promise.id]
        ends = [promise.withdrawn] if promise.withdrawn else []
        if state == "kept" and last_paid:
            ends.append(last_paid)
        return sorted(
            (
                each
                for each in self.contacts
                if each.account == promise.account
                and each.direction == "out"
                and is_to_debtor(each)
                and each.channel == "call"
                and each.purpose in ("demand", None)
                and each.at > promise.made_at
                and promise.made_on < each.day < promise.due
                and all(each.day <= end for end in ends)
            ),
            key=lambda c: (c.at, c.id),
        )

    @cache  # noqa: B019 - a reading is short-lived
    def ledger(self) -> dict[str, tuple[str, date | None]]:
        """Promise to its state and the day of the last money that went to it: each payment, from the first on, fills
        the account's promises from the oldest on."""
        known = sorted(
            (each for each in self.book.promises if each.made_on <= self.as_of), key=lambda p: (p.made_at, p.id)
        )
        got = {each.id: ZERO for each in known}
        last: dict[str, date] = {}
        for account in self.book.accounts:
            given = (each for each in account.paid if not each.reverses and each.on <= self.as_of)
            for paid in sorted(given, key=lambda p: (p.on, p.id)):
                left = left_of(paid, account.paid, self.as_of)
                for each in known:
                    is_in_time = each.made_on <= paid.on <= each.due + self.numbers.grace_days * DAY
                    is_live = each.withdrawn is None or each.withdrawn > self.as_of
                    part = min(left, each.amount - got[each.id])
                    if each.account == account.key and is_in_time and is_live and part > 0:
                        got[each.id] += part
                        left -= part
                        last[each.id] = paid.on
        return {each.id: (self._state(each, got[each.id]), last.get(each.id)) for each in known}

    def _state(self, promise: Promise, got: Decimal) -> str:
        if promise.withdrawn and promise.withdrawn <= self.as_of:
            return "withdrawn"
        if got >= promise.amount * self.numbers.tolerance:
            return "kept"
        if self.as_of <= promise.due + self.numbers.grace_days * DAY:
            return "pending"
        return "partial" if got else "broken"

    # --- disputes

    def disputes(self) -> Iterator[tuple[Key, Verdict]]:
        for each in self.book.disputes:
            if each.opened_on > self.as_of:
                continue
            acknowledged, resolved = self._known(each.acknowledged_at), self._known(each.resolved_at)
            first = min((at for at in (acknowledged, resolved) if at), default=None)
            yield from self._timed(each, "dispute_acknowledged", "acknowledged_at", first, self.numbers.ack_days)
            yield from self._timed(each, "dispute_answered", "resolved_at", resolved, self.numbers.answer_days)

    def _known(self, at: datetime | None) -> datetime | None:
        return at if at and at.date() <= self.as_of else None

    def _timed(
        self, dispute: Dispute, rule: str, column: str, done: datetime | None, days: int
    ) -> Iterator[tuple[Key, Verdict]]:
        if done is None and dispute.opened_on + days * DAY >= self.as_of:
            return
        is_lacking = self.book.lacks("disputes", column)
        is_late = done is None or done - dispute.opened_at > timedelta(hours=24 * days)
        passed = dispute.opened_on + (days + 1) * DAY
        decided = passed if done is None else min(passed, max(done.date(), dispute.opened_on))
        yield (
            Key(rule, dispute.id),
            Verdict(
                UNSURE if is_lacking else BREACH if is_late else KEPT,
                f"disputes.{column}" if is_lacking else None,
                decided,
                self.stage(dispute.account, dispute.opened_on),
            ),
        )

    # --- letters, visits, stepping up

    def escalations(self) -> Iterator[tuple[Key, Verdict]]:
        for touch in self.touches():
            contact = touch.contact
            if contact.channel not in ("letter", "visit"):
                continue
            stage = self.stage(contact.account, contact.day)
            stage = "M1" if stage == "current" else stage
            is_early = stage == "M1"
            yield (
                Key("escalation_early", contact.id),
                Verdict(BREACH if is_early else KEPT, None, contact.day, stage, contact.team),
            )
            if not is_early:
                if self._is_told(touch):
                    verdict = Verdict(KEPT, None, contact.day, stage, contact.team)
                else:
                    verdict = self.touch_verdict(touch, BREACH)
                yield Key("escalation_unprepared", contact.id), verdict

    def _is_told(self, touch: Touch) -> bool:
        """Whether a message or call stands before it that surely belongs to the spell."""
        return any(
            each.channel in (*QUIET, "call") and self.unsure(Touch(each, touch.spell, touch.earlier[:n])) != "time_zone"
            for n, each in enumerate(touch.earlier)
        )

    def late(self) -> Iterator[tuple[Key, Verdict]]:
        touches = list(self.touches())
        for spell in self.book.spells:
            overdue = [
                day
                for day in days_from(spell.first, min(spell.last or self.as_of, self.as_of))
                if self.days_past_due(spell.account, day) > self.numbers.early_days
            ]
            if not overdue:
                continue
            first, last = overdue[0], overdue[0] + (self.numbers.late_days - 1) * DAY
            if any(day not in overdue for day in days_from(first, last)):
                continue
            if self._is_stopped(spell.account, first, last):
                continue
            steps = [each.contact for each in touches if each.spell == spell and first <= each.contact.day <= last]
            is_done = any(each.channel in ("call", "letter", "visit") for each in steps)
            is_before = self.log_start is not None and first < self.log_start
            verdict = UNSURE if is_before else KEPT if is_done else BREACH
            item = f"{self.account[spell.account].id} {last}"
            yield Key("escalation_late", item), Verdict(verdict, "log_start" if is_before else None, last, "M2-M3")

    def _is_stopped(self, account: int, first: date, last: date) -> bool:
        debtor = self.account[account].debtor
        is_flagged = any(
            each.debtor == debtor
            and each.kind in STOPS
            and each.person is None
            and each.account in (None, account)
            and each.since <= last
            and (each.until is None or each.until >= first)
            for each in self.book.flags
        )
        return is_flagged or any(
            each.account == account
            and each.opened_on <= last
            and (each.resolved_at is None or each.resolved_at.date() >= first)
            for each in self.book.disputes
        )

    # --- each contact by itself

    def after_payment(self) -> Iterator[tuple[Key, Verdict]]:
        for contact in self.contacts:
            begun = [each for each in self.book.spells if each.account == contact.account and each.first <= contact.day]
            if contact.direction != "out" or not is_to_debtor(contact) or not begun:
                continue
            if contact.purpose not in ("demand", None):
                continue
            last = begun[-1].last
            is_after = last is not None and last < contact.day
            if not is_after or last is None:
                verdict, missing = KEPT, None
            elif not self.account[contact.account].is_daily:
                verdict, missing = UNSURE, "instalments, payments"
            else:
                paid_on = last + DAY
                is_late = (contact.day - paid_on).days > self.numbers.posting_days
                verdict, missing = BREACH if is_late else KEPT, None
            yield Key("after_payment", contact.id), self._of_contact(contact, verdict, missing)

    def contacts_alone(self) -> Iterator[tuple[Key, Verdict]]:
        for contact in self.contacts:
            verdict = BREACH if contact.outcome == "unknown" else KEPT
            yield Key("log_completeness", contact.id), self._of_contact(contact, verdict)
            if contact.direction == "out":
                yield from self._traced(contact)
                if is_to_debtor(contact) and _wants_elements(contact):
                    yield Key("template_elements", contact.id), self._of_contact(contact, *self._elements(contact))

    def _traced(self, contact: Contact) -> Iterator[tuple[Key, Verdict]]:
        is_spoken = contact.channel in ("call", "visit")
        if is_spoken and contact.caller == "ai":
            return
        column, value = ("collector_id", contact.collector) if is_spoken else ("template_id", contact.template)
        if self.book.lacks("contacts", column):
            yield Key("traceable", contact.id), self._of_contact(contact, UNSURE, f"contacts.{column}")
        else:
            yield Key("traceable", contact.id), self._of_contact(contact, KEPT if value else BREACH)

    def _elements(self, contact: Contact) -> tuple[str, str | None]:
        if contact.template is None:
            return UNSURE, "contacts.template_id"
        versions = [each for each in self.book.templates if each.id == contact.template]
        if not versions or any(each.elements is None for each in versions):
            return UNSURE, "templates.elements"
        wanted = set((IN_LETTERS if contact.channel == "letter" else IN_MESSAGES).split(","))
        lacking = {frozenset(wanted - set((each.elements or "").split("|"))) for each in versions}
        if len(lacking) > 1:
            return UNSURE, "templates.elements"
        return (BREACH if lacking.pop() else KEPT), None

    # --- each account by itself

    def mandatory(self) -> Iterator[tuple[Key, Verdict]]:
        for account in self.book.accounts:
            out = [each.day for each in self.book.contacts if each.account == account.key and each.direction == "out"]
            if not out or min(out) > self.as_of:
                continue
            lacking, not_given = self._gaps(account)
            verdict = BREACH if lacking else UNSURE if not_given else KEPT
            missing = ", ".join(sorted(not_given)) if verdict == UNSURE else None
            stage = self.stage(account.key, min(out))
            yield Key("mandatory_fields", account.id), Verdict(verdict, missing, min(out), stage)

    def _gaps(self, account: Account) -> tuple[list[str], list[str]]:
        """Fields that this account lacks, and fields that no source file has."""
        debtor = self.debtor[account.debtor]
        held: dict[str, object] = {
            "contract_no": account.contract_no,
            "annual_rate": account.rate,
            "preferred_channel": debtor.preferred,
        }
        lacking, not_given = [], []
        for field in self.numbers.fields.split(","):
            table = "accounts" if field in ("contract_no", "annual_rate") else "debtors"
            is_held = held[field] is not None if field in held else field in debtor.known
            if self.book.lacks(table, field):
                not_given.append(field)
            elif not is_held:
                lacking.append(field)
        return lacking, not_given


def left_of(paid: Paid, rows: Sequence[Paid], day: date) -> Decimal:
    """What is left of a payment once the rows up to a day that take it back are taken off."""
    return paid.amount - sum((each.amount for each in rows if each.reverses == paid.id and each.on <= day), ZERO)


def is_to_debtor(contact: Contact) -> bool:
    return contact.role in ("debtor", "unknown", None)


def _wants_elements(contact: Contact) -> bool:
    """Reminders by message, and letters that demand."""
    if contact.channel == "letter":
        return contact.purpose in ("demand", None)
    return contact.channel in QUIET and contact.purpose == "reminder"
