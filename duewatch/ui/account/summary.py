"""One account: its headline, tiles, and all that happened to it in one order, computed from frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from duewatch.charts.account import Mark
from duewatch.contract.i18n import Words
from duewatch.ui.parts.code_labels import code_text, reason_text
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.tiles import Tile

Row = Mapping[str, Any]
MESSAGES = ("sms", "email", "app", "social", "fax")
LANES = ("calls", "messages", "letters", "inbound", "promise", "payment", "dispute", "flag", "assignment")
"""Rows of the time axis, top first."""
EVENT = ("happened_on", "happened_at", "event", "told", "amount", "until_on", "who", "cite", "item_id")
"""Columns of the list of events."""
CHANNELS = ("call", "sms", "email", "app", "letter", "visit")
"""Ways to reach a debtor that are asked about, the most intrusive first."""
LABELLED = 12
"""Days that an interval must have for its label to have room."""
SPANS = {"quarter": 92, "half": 183, "all": None}
"""Days before the day of the data that may be shown."""


@dataclass(frozen=True)
class History:
    """All that is known of one account up to the as-of day, one frame a query of queries/accounts/."""

    facts: Row
    """account_facts."""
    days: pl.DataFrame
    contacts: pl.DataFrame
    promises: pl.DataFrame
    """Of promises_of, in the shape of the other frames."""
    payments: pl.DataFrame
    terms: pl.DataFrame
    findings: pl.DataFrame

    @property
    def talks(self) -> pl.DataFrame:
        return self.contacts.filter(pl.col("outcome") == "conversation")


def promises_of(ledger: pl.DataFrame, account_id: str) -> pl.DataFrame:
    """An account's promises as events. `ledger`: promises/promise_ledger."""
    return (
        ledger.filter(pl.col("account_id") == account_id)
        .select(
            pl.col("made_on").alias("happened_on"),
            pl.lit("promise").alias("event"),
            pl.col("state").alias("outcome"),
            pl.col("due_on").alias("until_on"),
            pl.col("promised").alias("amount"),
            "allocated",
            pl.col("contact_id").alias("detail"),
            pl.col("promise_id").alias("item_id"),
        )
        .sort("happened_on", "item_id")
    )


def headline(words: Words, numbers: Numbers, history: History, as_of: date) -> str:
    """Where the account stands, since when, and how it has kept its word and we the rules."""
    facts = history.facts
    values = {
        "account": facts["account_id"],
        "day": numbers.day(facts["seen_on"] or as_of),
        "balance": numbers.money(facts["balance"]),
        "days": numbers.count(facts["days_past_due"]),
        "since": numbers.day(facts["overdue_since"]),
    }
    first = words(f"headline.account.{_standing(facts)}", **values)
    return f"{first}{words('headline.account.between')}{_record(words, numbers, history)}"


def _standing(facts: Row) -> str:
    if facts["seen_on"] is None:
        return "unseen"
    if facts["state"] in ("paid_off", "written_off"):
        return str(facts["state"])
    if not facts["days_past_due"]:
        return "current"
    return "overdue" if facts["overdue_since"] else "overdue_unknown"


def _record(words: Words, numbers: Numbers, history: History) -> str:
    n_kept, n_decided = n_kept_and_decided(history.promises)
    key = "promises" if n_decided else "no_promises"
    promises_text = words(f"headline.account.{key}", kept=numbers.count(n_kept), n=numbers.count(n_decided))
    breaches = numbers.count(history.facts["n_breach"])
    return promises_text + words(
        "headline.account.breaches", n=breaches, contacts=numbers.count(history.contacts.height)
    )


def decided_of(promises: pl.DataFrame) -> pl.DataFrame:
    return promises.filter(pl.col("outcome").is_in(["kept", "partial", "broken"]))


def seen_on(history: History) -> pl.DataFrame:
    """The snapshot that days past due and balance are read from; empty without one."""
    is_it = (pl.col("basis") == "snapshot") & (pl.col("from_on") == pl.lit(history.facts["seen_on"], pl.Date))
    return history.days.filter(is_it)


def breaches_of(history: History) -> pl.DataFrame:
    return history.findings.filter(pl.col("outcome") == "breach")


def n_kept_and_decided(promises: pl.DataFrame) -> tuple[int, int]:
    """Kept promises, and those that have been decided."""
    decided = decided_of(promises)
    return decided.filter(pl.col("outcome") == "kept").height, decided.height


def tiles(words: Words, numbers: Numbers, history: History, as_of: date) -> list[Tile]:
    facts = history.facts
    n_kept, n_decided = n_kept_and_decided(history.promises)
    pending = history.promises.filter(pl.col("outcome") == "pending").height
    month = history.contacts.filter(pl.col("happened_on") > as_of - timedelta(days=30)).height
    return [
        Tile("account_days", numbers.count(facts["days_past_due"]), note=_days_note(words, numbers, facts)),
        Tile("account_balance", numbers.money(facts["balance"]), note=_balance_note(words, numbers, facts)),
        Tile(
            "account_contacts",
            numbers.count(history.contacts.height),
            note=words("account.note_contacts", talks=numbers.count(history.talks.height), n=numbers.count(month)),
        ),
        Tile(
            "account_kept",
            words("tile.counted", part=numbers.count(n_kept), whole=numbers.count(n_decided))
            if n_decided
            else numbers.count(None),
            note=words("account.note_kept", n=numbers.count(pending)),
        ),
        Tile("account_paid", numbers.money(_sum_paid(history.payments)), note=_paid_note(words, history.payments)),
        Tile(
            "account_breaches",
            numbers.count(facts["n_breach"]),
            note=words(
                "account.note_breaches",
                contacts=numbers.count(facts["n_breaching"]),
                unknown=numbers.count(facts["n_unknown"]),
            ),
        ),
    ]


def _days_note(words: Words, numbers: Numbers, facts: Row) -> str:
    spells = words("account.spells", n=numbers.count(facts["n_spells"]))
    state = _code_text(words, "code", facts["state"])
    since = words("account.since", day=facts["overdue_since"]) if facts["overdue_since"] else ""
    return " · ".join(part for part in (state, since, spells) if part)


def _balance_note(words: Words, numbers: Numbers, facts: Row) -> str:
    if facts["overdue_amount"] is None:
        return words("account.overdue_unknown")
    return words("account.overdue_amount", money=numbers.money(facts["overdue_amount"]))


def _sum_paid(payments: pl.DataFrame) -> Decimal:
    return sum(payments["amount"].to_list(), Decimal(0))


def _paid_note(words: Words, payments: pl.DataFrame) -> str:
    if payments.is_empty():
        return words("account.never_paid")
    last = payments.filter(pl.col("amount") > 0)["happened_on"].max()
    return words("account.last_paid", day=last, n=payments.height)


def events(words: Words, numbers: Numbers, history: History) -> pl.DataFrame:
    """Everything that happened, newest first: EVENT, one row per row of the frames but those of `days`."""
    frames = [history.contacts, history.promises, history.payments, history.terms, history.findings]
    rows = [row for frame in frames for row in frame.iter_rows(named=True)]
    values = [
        (
            row["happened_on"],
            (row.get("happened_at") or "")[:8] or None,
            row["event"],
            event_text(words, numbers, row),
            row.get("amount"),
            row.get("until_on"),
            row.get("who"),
            row.get("cite"),
            row["item_id"],
        )
        for row in rows
    ]
    kinds = (pl.Date, pl.String, pl.String, pl.String, pl.Decimal(18, 2), pl.Date, pl.String, pl.String, pl.String)
    frame = pl.DataFrame(values, dict(zip(EVENT, kinds, strict=True)), orient="row")
    return frame.sort("happened_on", "happened_at", "event", "item_id", descending=True, nulls_last=True)


def event_text(words: Words, numbers: Numbers, row: Row) -> str:
    """One event in a few words."""
    if row["event"] == "contact":
        return _contact(words, row)
    if row["event"] == "promise":
        return words(
            "event_told.promise",
            money=numbers.exact_money(row["amount"]),
            day=row["until_on"],
            state=words(f"state.{row['outcome']}"),
            paid=numbers.exact_money(row["allocated"]),
        )
    if row["event"] == "payment":
        method = f" · {_code_text(words, 'method', row['subject'])}" if row["subject"] else ""
        return words(f"event_told.{row['outcome']}", money=numbers.exact_money(abs(row["amount"]))) + method
    if row["event"] == "flag":
        return _code_text(words, "flag", row["subject"]) + (f" · {row['detail']}" if row["detail"] else "")
    if row["event"] == "dispute":
        return " · ".join([*([row["subject"]] if row["subject"] else []), words(f"event_told.{row['outcome']}")])
    if row["event"] == "assignment":
        return f"{row['subject'] or '—'} · {row['who']}"
    return _finding(words, row)


def _contact(words: Words, row: Row) -> str:
    parts = [
        f"{_code_text(words, 'channel', row['subject'])} ({_code_text(words, 'direction', row['direction'])})",
        _code_text(words, "outcome", row["outcome"]),
        _code_text(words, "purpose", row["purpose"]),
        _code_text(words, "role", row["role"]) if row["role"] != "debtor" else "",
        _code_text(words, "response", row["detail"]),
    ]
    return " · ".join(part for part in parts if part)


def _finding(words: Words, row: Row) -> str:
    verdict = words(f"breach_as.{row['modality']}") if row["outcome"] == "breach" else words("verdict.unknown")
    why = reason_text(words, {**row, "local_time": row.get("happened_at")})
    return f"{row[f'title_{words.language}'] or row['rule_id']}: {verdict}. {why}"


def _code_text(words: Words, section: str, code: str | None) -> str:
    """The word of a code, the code where it has none, nothing for nothing."""
    return code_text(words, code, section) if code else ""


def marks_of(words: Words, numbers: Numbers, history: History, as_of: date) -> list[Mark]:
    """Marks of the time axis. What lasts LABELLED days has a label."""
    contacts, promises, payments, terms = (
        frame.iter_rows(named=True) for frame in (history.contacts, history.promises, history.payments, history.terms)
    )
    placed = [
        *(
            (row, _lane(row), _look(row), f"{row['happened_on']}T{row['happened_at'] or '12:00:00'}", None)
            for row in contacts
        ),
        *((row, "promise", row["outcome"], str(row["happened_on"]), row["until_on"]) for row in promises),
        *((row, "payment", row["outcome"], f"{row['happened_on']}T12:00:00", None) for row in payments),
        *((row, row["event"], "span", str(row["happened_on"]), row["until_on"] or as_of) for row in terms),
    ]
    marks = []
    for row, lane, look, start, end in placed:
        when = start[:16].replace("T", " ") if row.get("happened_at") else row["happened_on"]
        is_long = end is not None and (end - row["happened_on"]).days >= LABELLED
        label = (row.get("who") or _code_text(words, "flag", row.get("subject"))) if is_long else ""
        text = f"{when} · {event_text(words, numbers, row)}"
        marks.append(Mark(lane, look, start, f"{end}T23:59:59" if end else start, text, label))
    return marks


def _lane(row: Row) -> str:
    if row["direction"] == "in":
        return "inbound"
    return "calls" if row["subject"] == "call" else "messages" if row["subject"] in MESSAGES else "letters"


def _look(row: Row) -> str:
    if row["n_breach"]:
        return "breach"
    if row["n_unknown"]:
        return "unknown"
    return "talk" if row["outcome"] == "conversation" else "attempt"


def usual_span(facts: Row) -> str:
    """The last months of an account that is overdue; the whole of one that is quiet now."""
    return "quarter" if facts["days_past_due"] and facts["state"] not in ("paid_off", "written_off") else "all"


def finding(words: Words, numbers: Numbers, history: History, since: date | None) -> str:
    """What the time axis shows, in one sentence."""

    def after(frame: pl.DataFrame) -> int:
        return frame.height if since is None else frame.filter(pl.col("happened_on") >= since).height

    days = history.days if since is None else history.days.filter(pl.col("to_on") >= since)
    worst = days.select(pl.max_horizontal("days_from", "days_to").max()).item() if days.height else None
    return words(
        "account.finding",
        worst=numbers.count(worst or 0),
        contacts=numbers.count(after(history.contacts)),
        talks=numbers.count(after(history.talks)),
        promises=numbers.count(after(history.promises)),
        payments=numbers.count(after(history.payments)),
    )
