"""Where and when a planned contact is: account, debtor, clocks, country, and what it may count together with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

import polars as pl

from duewatch.compliance.compiled_rules import Compiled
from duewatch.compliance.contact_plan import OPTIONAL, PlannedContact
from duewatch.compliance.debtor_clocks import Clock
from duewatch.compliance.debtor_countries import dialled_in
from duewatch.compliance.pack_types import Pack
from duewatch.compliance.public_holidays import public_holidays
from duewatch.contract.contact_points import one_form
from duewatch.contract.countries import country_of, known_name
from duewatch.contract.settings import Settings
from duewatch.engines.planned_contacts import PlannedContactTables


@dataclass(frozen=True)
class Placement:
    """Where and when a planned contact is."""

    at: datetime
    """UTC without offset; wall time where no zone is known."""
    clock: Clock
    """The debtor's clocks."""
    zone_names: tuple[str, ...]
    """The debtor's possible time zones."""
    countries: tuple[str, ...]
    """Countries of these zones, else of the region."""
    currency: str
    """Currency of the account."""
    debtor_id: str
    group: int
    """The same number for rows that may count together."""
    alike: tuple[object, ...]
    """Equal for rows that differ only in their time."""

    def moved(self, at: datetime) -> Placement:
        return replace(self, at=at)

    @property
    def local(self) -> tuple[datetime, date | None, time | None]:
        """started_at, local_date, local_time."""
        wall = self.clock.wall(self.at)
        return (self.at, wall.date(), wall.time()) if wall else (self.at, None, None)

    @property
    def other_zones(self) -> list[tuple[str, date, time]]:
        """Zone, date and time in every further zone; wall time is the debtor's own, wherever that is."""
        if self.clock.is_wall:
            return []
        walls = [(name, self.clock.wall(self.at, no)) for no, name in enumerate(self.zone_names) if no]
        return [(name, wall.date(), wall.time()) for name, wall in walls if wall]


PlacedContact = tuple[PlannedContact, Placement | None, str]


def place_contacts(
    tables: PlannedContactTables, plan: Sequence[PlannedContact], rules: Sequence[Compiled], settings: Settings
) -> list[PlacedContact]:
    """Every row with its placing, or with the sentence that says why it has none."""
    packs = list({compiled_rule.pack.id: compiled_rule.pack for compiled_rule in rules}.values())
    form = partial(_one_form, packs, settings.default_time_zone)
    frame = tables.resolve(_frame([contact for contact in plan if not contact.problem]), form)
    rows = {row["row"]: row for row in frame.iter_rows(named=True)}
    groups = _groups(frame)
    answers = [_place_contact(contact, rows.get(contact.row), groups, settings) for contact in plan]
    placements = [(contact.row, placing) for contact, placing, _ in answers if placing]
    tables.give_places([(row, listed(p.countries), listed(map(known_name, p.zone_names))) for row, p in placements])
    years = {p.at.year + n for _, p in placements for n in (0, 1)}
    tables.add_holidays(list(public_holidays(rules, years)))
    return answers


def _one_form(
    packs: Sequence[Pack], default_zone: str, point: str, zones: str | None, region_code: str | None, currency: str
) -> str:
    """As ingest writes a number or address of this debtor."""
    first = str(zones or default_zone).split("|")[0].strip()
    return one_form(point, dialled_in(country_of(first) if first else None, region_code, [currency], packs))


def _frame(plan: Sequence[PlannedContact]) -> pl.DataFrame:
    columns = ("account_id", "channel", *(name for name in OPTIONAL if name != "contact_id"))
    rows = [(c.row, c.at.date() if c.at else None, *(c[name] for name in columns)) for c in plan]
    schema = {"row": pl.Int64, "day": pl.Date, **dict.fromkeys(columns, pl.String)}
    return pl.DataFrame(rows, schema, orient="row")


def _place_contact(
    contact: PlannedContact, row: dict[str, object] | None, groups: dict[int, int], settings: Settings
) -> PlacedContact:
    if contact.problem or row is None or contact.at is None:
        return contact, None, contact.problem
    if row["account_key"] is None:
        return contact, None, f"The book has no account '{contact['account_id']}'"
    if row["debtor_key"] is None:
        return contact, None, f"The book has no debtor '{contact['debtor_id']}'"
    names = [part.strip() for part in str(row["time_zone"] or settings.default_time_zone).split("|")]
    zones = tuple(name for name in names if name)
    clock = Clock(tuple(ZoneInfo(name) for name in zones), contact.at.tzinfo is None)
    at = clock.instant(contact.at)
    if at is None:
        return contact, None, f"The clocks of {zones[0]} skip {contact['planned_at']}"
    countries = tuple(sorted({country for name in zones if (country := country_of(name))}))
    if not countries and row["region_code"]:
        countries = (str(row["region_code"]).split("-")[0],)
    alike = tuple(sorted((k, v) for k, v in contact.cells.items() if k not in ("planned_at", "contact_id")))
    placing = Placement(
        at,
        clock,
        zones,
        countries,
        str(row["currency"]),
        str(row["debtor_id"]),
        groups[contact.row],
        (*alike, clock.is_wall),
    )
    return contact, placing, ""


def _groups(frame: pl.DataFrame) -> dict[int, int]:
    """Rows joined by debtor, debt, person or number, in one pass of union-find."""
    parent: dict[object, object] = {}

    def top(node: object) -> object:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    names = ("debtor_key", "account_key", "person_key", "contact_point_key")
    for row in frame.select("row", *names).iter_rows(named=True):
        for name in names:
            if row[name] is not None:
                parent[top((name, row[name]))] = top(row["row"])
    numbers: dict[object, int] = {}
    return {row: numbers.setdefault(top(row), len(numbers)) for row in frame["row"].to_list()}


def listed(values: Iterable[str]) -> str | None:
    """As |US|CA|; None for no value."""
    return f"|{'|'.join(given)}|" if (given := list(values)) else None
