"""What happened to accounts besides contacts: payments, promises, flags, disputes, assignments."""

from __future__ import annotations

import numpy as np
import polars as pl

from duewatch.contract.schema import FLAG_KINDS
from duewatch.demo.cells import boolean, dates_or_null, money, words
from duewatch.demo.draft import Draft
from duewatch.demo.ledger import METHODS
from duewatch.demo.lender import collector_ids
from duewatch.demo.planting import DETAILS
from duewatch.demo.spells import ARMS
from duewatch.demo.timeline import DAY_SECONDS, NEVER

DISPUTE_REASONS = ("amount", "identity", "already_paid", "terms")


def payments_frame(draft: Draft) -> pl.DataFrame:
    log, payment_ids = draft.chunk.ledger.log, draft.known["payments"]
    acc, day, reverses = log.column("acc"), log.column("day"), log.column("reverses")
    return pl.DataFrame(
        {
            "payment_id": payment_ids,
            "account_id": draft.account_ids.gather(acc),
            "paid_on": draft.days.dates(day),
            "posted_at": draft.instants(day * DAY_SECONDS + log.column("second"), acc),
            "amount": money(log.column("amount")),
            "reverses_payment_id": payment_ids.gather(np.maximum(reverses, 0)).set(pl.Series(reverses < 0), None),
            "method": words(log.column("method"), METHODS),
        }
    )


def promises_frame(draft: Draft) -> pl.DataFrame:
    log = draft.chunk.cases.promises
    acc, withdrawn = log.column("acc"), log.column("withdrawn")
    return pl.DataFrame(
        {
            "promise_id": draft.known["promises"],
            "account_id": draft.account_ids.gather(acc),
            "contact_id": draft.known["contacts"].gather(log.column("contact")),
            "made_at": draft.instants(log.column("made"), acc),
            "due_on": draft.days.dates(log.column("due")),
            "amount": money(log.column("amount")),
            "withdrawn_on": dates_or_null(draft.days, np.where(withdrawn < 0, NEVER, withdrawn)),
        }
    )


def flags_frame(draft: Draft) -> pl.DataFrame:
    """Account and person are empty where the flag is about the whole debtor."""
    log = draft.chunk.cases.flags
    acc, person = log.column("acc"), log.column("person")
    whole = pl.Series(log.column("whole_debtor") == 1)
    person_ids = draft.person_ids(acc, person, np.zeros(len(acc), dtype=np.int64))
    return pl.DataFrame(
        {
            "flag_id": draft.known["flags"],
            "debtor_id": draft.debtor_ids.gather(acc),
            "account_id": draft.account_ids.gather(acc).set(whole, None),
            "person_id": person_ids.set(pl.Series(person == 0), None),
            "kind": words(log.column("kind"), FLAG_KINDS),
            "from": draft.instants(log.column("since"), acc),
            "to": draft.instants(draft.past(log.column("until")), acc),
            "known_from": draft.instants(log.column("known"), acc),
            "detail": words(log.column("detail"), DETAILS),
        }
    )


def disputes_frame(draft: Draft) -> pl.DataFrame:
    log = draft.chunk.cases.disputes
    acc, resolved = log.column("acc"), draft.past(log.column("resolved"))
    return pl.DataFrame(
        {
            "dispute_id": draft.known["disputes"],
            "account_id": draft.account_ids.gather(acc),
            "opened_at": draft.instants(log.column("opened"), acc),
            "reason": words(log.column("reason"), DISPUTE_REASONS),
            "acknowledged_at": draft.instants(draft.past(log.column("acknowledged")), acc),
            "resolved_at": draft.instants(resolved, acc),
            "upheld": boolean(np.where(resolved < 0, -1, log.column("upheld"))),
        }
    )


def assignments_frame(draft: Draft) -> pl.DataFrame:
    log = draft.chunk.cases.assignments
    until = log.column("until")
    return pl.DataFrame(
        {
            "account_id": draft.account_ids.gather(log.column("acc")),
            "collector_id": collector_ids(draft.lender.staff.size, log.column("collector")),
            "assigned_on": draft.days.dates(log.column("since")),
            "ended_on": dates_or_null(draft.days, np.where(until < 0, NEVER, until)),
            "arm": words(log.column("arm"), ARMS),
        }
    )
