"""Time zones as diallers write them, to IANA names: `EST`, `EST5EDT`, `us/eastern`. A fixed offset such as GMT-5 is no
place, and a name that is not written as IANA has it is no name: both stay what they are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

OTHER_NAMES = {
    "est": "America/New_York",
    "edt": "America/New_York",
    "est5edt": "America/New_York",
    "cdt": "America/Chicago",
    "cst6cdt": "America/Chicago",
    "mst": "America/Denver|America/Phoenix",
    "mdt": "America/Denver",
    "mst7mdt": "America/Denver",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "pst8pdt": "America/Los_Angeles",
}
"""What a dialler means by letters: a place with summer time. MST may be with or without it; CST may be China."""


def zone_name(text: str) -> str:
    """The IANA name, or names with | between them; the text itself where it is none."""
    return "|".join(_known().get(" ".join(part.split()).casefold(), part.strip()) for part in text.split("|"))


@cache
def _known() -> Mapping[str, str]:
    names = {name.casefold(): name for name in available_timezones()}
    return {**names, **OTHER_NAMES}
