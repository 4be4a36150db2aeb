"""The answer about one planned contact: status, clause, sentence, next allowed time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from duewatch.compliance.compiled_rules import Compiled
from duewatch.compliance.contact_placement import Placement
from duewatch.compliance.contact_plan import PlannedContact
from duewatch.compliance.rule_kinds import QuietAfter
from duewatch.compliance.verdict_reasons import sentence

HORIZON = timedelta(days=90)
"""How far ahead a next allowed time is looked for."""
BINDING = ("must", "presumption", "should")
"""Modalities that block a contact; a rule that only advises adds a sentence."""
COLUMNS: dict[str, Any] = {
    "row": pl.Int64,
    "contact_id": pl.String,
    "account_id": pl.String,
    "debtor_id": pl.String,
    "person_id": pl.String,
    "channel": pl.String,
    "direction": pl.String,
    "planned_at": pl.String,
    "status": pl.String,
    "rule_id": pl.String,
    "pack_id": pl.String,
    "cite": pl.String,
    "modality": pl.String,
    "reason": pl.String,
    "next_allowed_at": pl.String,
    "counted": pl.Int64,
    "limit": pl.Int64,
    "evidence": pl.List(pl.String),
    "reason_code": pl.String,
    "other_rules": pl.List(pl.String),
    "packs_asked": pl.List(pl.String),
    "packs_unplaced": pl.List(pl.String),
    "data_as_of": pl.String,
}


@dataclass(frozen=True)
class Objection:
    """One rule's verdict on one planned contact: a breach, or unknown."""

    compiled_rule: Compiled
    verdict: Mapping[str, Any]
    """Row of the rule's query."""

    @property
    def rank(self) -> int:
        return (*BINDING, "advised").index(self.compiled_rule.rule.modality)


@dataclass
class Clearance:
    """One planned contact and what the rules say about it."""

    contact: PlannedContact
    maybe_placement: Placement | None
    """Where and when; None where the contact has a problem."""
    problem: str = ""
    """Why it cannot be judged."""
    objections: list[Objection] = field(default_factory=list)
    """Verdicts of the rules against it."""
    notes: list[str] = field(default_factory=list)
    """What an allowed contact depends on."""
    next_at: datetime | None = None
    """The first allowed time."""
    asked: set[str] = field(default_factory=set)
    """Packs of which a rule judged it."""
    unplaced: set[str] = field(default_factory=set)
    """Packs of which a rule could not."""
    by_law: bool = False
    """A pack of law judged it."""
    needs_law: bool = False
    """Packs of law are in use, so that only what one of them judged is allowed."""

    @property
    def placement(self) -> Placement:
        """Where and when; only for contacts that have no problem."""
        assert self.maybe_placement is not None
        return self.maybe_placement

    @property
    def status(self) -> str:
        if self.problem:
            return "unknown"
        binding = [
            objection.verdict["verdict"]
            for objection in self.objections
            if objection.compiled_rule.rule.modality in BINDING
        ]
        if binding:
            return "blocked" if "breach" in binding else "unknown"
        return "unknown" if self.needs_law and not self.by_law else "allowed"

    @property
    def without_law(self) -> dict[str, Any]:
        """The finding that no pack judges it: `sentence` words it."""
        placing = self.placement
        detail = ", ".join(placing.countries) or placing.currency
        return {"reason": "no_pack", "detail": detail, "counted": None, "limit_count": None}

    def note_verdict(self, compiled_rule: Compiled, verdict: str) -> None:
        """Remembers who judged it, and who could not."""
        pack = compiled_rule.pack
        (self.unplaced if verdict == "unknown" else self.asked).add(pack.id)
        self.by_law = self.by_law or (verdict != "unknown" and bool(pack.jurisdiction))

    @property
    def deciding_objections(self) -> list[Objection]:
        """The objections behind the status, the strictest first."""
        deciding_verdict = "unknown" if self.status == "unknown" else "breach"
        return sorted(
            (objection for objection in self.objections if objection.verdict["verdict"] == deciding_verdict),
            key=lambda o: o.rank,
        )


def row_of(answer: Clearance, data_as_of: str) -> tuple[Any, ...]:
    """The answer as COLUMNS."""
    contact, placing, deciding = answer.contact, answer.maybe_placement, answer.deciding_objections
    first = deciding[0] if deciding and not answer.problem else None
    rule, verdict = (first.compiled_rule.rule, first.verdict) if first else (None, {})
    other_rules = list(
        dict.fromkeys(o.compiled_rule.rule.id for o in deciding if rule and o.compiled_rule.rule.id != rule.id)
    )
    return (
        contact.row,
        contact["contact_id"],
        contact["account_id"],
        contact["debtor_id"] or (placing.debtor_id if placing else None),
        contact["person_id"],
        contact["channel"],
        contact["direction"] or "out",
        contact["planned_at"],
        answer.status,
        rule and rule.id,
        rule and rule.pack_id,
        rule and rule.cite,
        rule and rule.modality,
        _reason(answer, first),
        placing.clock.local_text(answer.next_at) if placing and answer.next_at else None,
        verdict.get("counted"),
        verdict.get("limit_count"),
        [shown_id(contact_id) for contact_id in verdict.get("evidence") or ()],
        _reason_code(answer, first),
        other_rules,
        sorted(answer.asked),
        sorted(answer.unplaced),
        data_as_of,
    )


def _reason_code(answer: Clearance, first: Objection | None) -> str | None:
    if first:
        return str(first.verdict["reason"])
    if answer.problem:
        return "not_readable"
    return "no_pack" if answer.status == "unknown" else None


def _reason(answer: Clearance, first: Objection | None) -> str:
    if answer.problem:
        return f"{answer.problem}."
    text = _sentence(first) if first else ""
    if answer.status == "allowed":
        advice = f"Allowed, though advised against: {text}" if text else "Allowed" if answer.notes else ""
        return "; ".join([part for part in (advice, *dict.fromkeys(answer.notes)) if part])
    if answer.status == "unknown" and not first:
        return sentence(answer.without_law, "en")
    if answer.status == "blocked" and answer.next_at is None:
        if first and _is_about_the_number(first):
            return f"{text}; give another number"
        return f"{text}; no time in the {HORIZON.days} days after is allowed"
    return text


def _is_about_the_number(objection: Objection) -> bool:
    """Whether another number would be allowed at once."""
    spec = objection.compiled_rule.rule.spec
    return isinstance(spec, QuietAfter) and spec.period.unit == "lifetime" and "contact_point" in spec.scope


def _sentence(objection: Objection) -> str:
    verdict = dict(objection.verdict)
    verdict["detail"] = shown_id(str(verdict["detail"])) if verdict["detail"] else verdict["detail"]
    return sentence(verdict, "en")


def shown_id(contact_id: str) -> str:
    """A planned contact's id in the tables, as a person counts it: row 000000012 is row 12."""
    number = contact_id.removeprefix("row ")
    return f"row {int(number)}" if number != contact_id and number.isdigit() else contact_id
