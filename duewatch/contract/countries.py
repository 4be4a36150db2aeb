"""The country of a time zone, from the IANA table `zone.tab` (tzdata) and, for older names, Unicode CLDR (Babel)."""

from __future__ import annotations

from functools import cache
from importlib import resources

from babel.core import get_global

OF_MANY = ("CET", "MET", "EET", "WET")
"""Zones of many countries, which the tables give to one of them."""


def known_name(zone: str) -> str:
    """The name in use today of an IANA zone: America/New_York for US/Eastern."""
    return str(get_global("zone_aliases").get(zone, zone))


def country_of(zone: str) -> str | None:
    """ISO 3166 code of an IANA zone's country; None for UTC and other zones of no country, or of many."""
    if zone in OF_MANY:
        return None
    older = get_global("zone_aliases").get(zone, zone)
    territories = get_global("zone_territories")
    return _zone_table().get(zone) or territories.get(zone) or territories.get(older)


@cache
def _zone_table() -> dict[str, str]:
    text = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {row[2]: row[0] for row in rows}
