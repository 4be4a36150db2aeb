"""A debtor's clocks: planned instants as wall time in every zone where the debtor may be, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
Opening = Callable[[date], Sequence[tuple[time, time]]]
"""The allowed hours of a local day, in order; none: none that day."""
LOOKED_AHEAD = 400
"""Days without an opening, or moves from zone to zone, after which there is none."""


@dataclass(frozen=True)
class Clock:
    """A debtor's clocks. Instants are UTC without offset; where no zone is known, wall time."""

    zones: tuple[ZoneInfo, ...]
    """Possible zones, the one of dates first; empty: not known."""
    is_wall: bool
    """The plan gave wall time, which is the debtor's own in every zone."""

    def instant(self, planned: datetime) -> datetime | None:
        """The instant of a planned time; None for a wall time that the clocks skip in spring."""
        if planned.tzinfo is not None:
            return planned.astimezone(UTC).replace(tzinfo=None)
        if not self.zones:
            return planned
        at = planned.replace(tzinfo=self.zones[0]).astimezone(UTC)
        return at.replace(tzinfo=None) if at.astimezone(self.zones[0]).replace(tzinfo=None) == planned else None

    def wall(self, at: datetime, zone_no: int = 0) -> datetime | None:
        """Wall time in one of the zones; None where no zone is known."""
        if not self.zones:
            return at if self.is_wall else None
        return at.replace(tzinfo=UTC).astimezone(self.zones[zone_no]).replace(tzinfo=None)

    def of_wall(self, wall: datetime, zone_no: int = 0) -> datetime:
        """The first instant at which that zone's clocks show this or a later time."""
        if not self.zones:
            return wall
        return wall.replace(tzinfo=self.zones[zone_no]).astimezone(UTC).replace(tzinfo=None)

    def midnight(self, day: date) -> datetime:
        return self.of_wall(datetime.combine(day, time()))

    def local_text(self, at: datetime) -> str:
        """ISO 8601 with the offset of the debtor's zone; without one, as it is held."""
        if not self.zones:
            return at.isoformat() if self.is_wall else at.replace(tzinfo=UTC).isoformat()
        return at.replace(tzinfo=UTC).astimezone(self.zones[0]).isoformat()

    def next_opening(self, at: datetime, opening: Opening, *, end_inclusive: bool, all_zones: bool) -> datetime | None:
        """The first instant from `at` on that is within the hours, in every zone where `all_zones`."""
        numbers = range(len(self.zones) if all_zones and not self.is_wall else 1)
        for _ in range(LOOKED_AHEAD):
            opening_times = [self._opened(at, opening, end_inclusive, number) for number in numbers]
            if any(opening_time is None for opening_time in opening_times):
                return None
            later = max(opening_time for opening_time in opening_times if opening_time is not None)
            if later == at:
                return at
            at = later
        return None

    def _opened(self, at: datetime, opening: Opening, end_inclusive: bool, zone_no: int) -> datetime | None:
        wall = self.wall(at, zone_no)
        if wall is None:
            return None
        for n in range(LOOKED_AHEAD):
            for opens, closes in opening(wall.date() + n * DAY):
                if n or wall.time() < opens:
                    return self.of_wall(datetime.combine(wall.date() + n * DAY, opens), zone_no)
                if wall.time() < closes or (end_inclusive and wall.time() == closes):
                    return at
        return None
