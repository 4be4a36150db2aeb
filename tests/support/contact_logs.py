"""Whole books of contacts at once, made without ingest, and rules made without a pack file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from duewatch.books.published import Book
from duewatch.compliance.compiled_rules import Compiled, compile_pack
from duewatch.compliance.pack_types import Pack, Rule, Title
from duewatch.compliance.rule_kinds import Filter, Spec
from duewatch.contract.settings import Settings
from tests.support.small_books import account, made_book


@dataclass(frozen=True)
class Contact:
    """One logged contact of one debtor's one account; `local` is None where the zone is not known."""

    id: str
    debtor: int
    person: int
    at: datetime
    local: datetime | None
    channel: str
    direction: str
    outcome: str
    firm: str | None
    point: int
    role: str | None = "debtor"
    purpose: str | None = None


@dataclass(frozen=True)
class Flag:
    """A standing instruction of one debtor; instants are UTC without offset."""

    id: str
    debtor: int
    kind: str
    since: datetime
    until: datetime | None
    known: datetime | None
    person: int | None = None


def a_book(folder: Path, contacts: Sequence[Contact], flags: Sequence[Flag] = ()) -> Book:
    """A book with these contacts and flags; debtor n has the one account n."""
    return made_book(
        folder,
        accounts=[account(n) for n in sorted({contact.debtor for contact in contacts})],
        contacts=[_row(key, contact) for key, contact in enumerate(contacts, 1)],
        flags=[_flag_row(flag) for flag in flags],
    )


def _row(key: int, each: Contact) -> dict[str, object]:
    return {
        "contact_key": key,
        "account_key": each.debtor,
        "debtor_key": each.debtor,
        "person_key": each.person,
        "person_id": f"P{each.person}",
        "contact_id": each.id,
        "started_at": each.at,
        "channel": each.channel,
        "direction": each.direction,
        "outcome": each.outcome,
        "firm": each.firm,
        "contact_point_key": each.point,
        "local_date": each.local and each.local.date(),
        "local_time": each.local and each.local.time(),
        "local_isodow": each.local and each.local.isoweekday(),
        "zone_basis": "zone" if each.local else "missing",
        "time_known": True,
        "role": each.role,
        "purpose": each.purpose,
    }


def _flag_row(each: Flag) -> dict[str, object]:
    return {
        "flag_id": each.id,
        "debtor_key": each.debtor,
        "kind": each.kind,
        "valid_from": each.since,
        "valid_to": each.until,
        "valid_from_on": each.since.date(),
        "known_from": each.known,
        "person_id": None if each.person is None else f"P{each.person}",
    }


def a_rule(kind: str, spec: Spec, events: Filter, excepted: Filter = Filter()) -> Compiled:  # noqa: B008 - frozen
    """A rule for everybody, in force since long ago."""
    begins, title = date(1900, 1, 1), Title("tried", "试")
    rule = Rule(
        pack_id="house",
        id="house.tried",
        kind=kind,
        title=title,
        modality="must",
        cite="none",
        read="primary",
        source="none",
        verified_on=date(2026, 11, 1),
        effective_from=begins,
        events=events,
        excepted=excepted,
        spec=spec,
    )
    pack = Pack(
        id="house",
        version="1",
        title=title,
        jurisdiction="",
        strength="policy",
        read="primary",
        verified_on=date(2026, 11, 1),
        source="none",
        effective_from=begins,
        sha256="",
        path=Path("tried.toml"),
        rules=(rule,),
    )
    (made,) = compile_pack(pack, Settings())
    return made


def monday_of(day: date) -> date:
    return day - timedelta(days=day.isoweekday() - 1)
