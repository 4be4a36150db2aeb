"""A call at a wall time that never was: in the hour that American clocks leave out in spring."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from duewatch.demo.write import Sink

TABLE, COLUMN = "contacts", "started_at"
AMERICA = "America/"
GAP_TIME = time(2, 30)
DAYS_SEARCHED = 400
"""Clocks go forward once a year."""


def skipped_hour_cells(sink: Sink, as_of: date) -> dict[str, str] | None:
    """Cells of a contact that an American debtor cannot have had; None where the demo has no such debtor."""
    debtor = _first_row(sink, "debtors", lambda row: row["time_zone"].startswith(AMERICA))
    account = debtor and _first_row(sink, "accounts", lambda row: row["debtor_id"] == debtor["debtor_id"])
    skipped = debtor and last_skipped(ZoneInfo(debtor["time_zone"].split("|")[0]), as_of)
    if not debtor or not account or not skipped:
        return None
    return {
        "account_id": account["account_id"],
        "debtor_id": debtor["debtor_id"],
        "person_id": debtor["debtor_id"],
        COLUMN: skipped.isoformat(),
        "ended_at": "",
        "recorded_at": "",
    }


def last_skipped(zone: ZoneInfo, as_of: date) -> datetime | None:
    """The last wall time of half past two, up to `as_of`, that the clocks of the zone left out; as bare wall time."""
    for back in range(DAYS_SEARCHED):
        wall = datetime.combine(as_of - timedelta(days=back), GAP_TIME, tzinfo=zone)
        if wall.astimezone(UTC).astimezone(zone).time() != GAP_TIME:
            return wall.replace(tzinfo=None)
    return None


def _first_row(sink: Sink, table: str, fits: Callable[[dict[str, str]], bool]) -> dict[str, str] | None:
    """The first row that fits, read no further than that; of a CSV file only."""
    if not sink.is_csv(table):
        return None
    with sink.open_text(table) as file:
        return next((row for row in csv.DictReader(file) if fits(row)), None)
