"""Each debt's state in the days that are run again."""

from __future__ import annotations

from dataclasses import dataclass

from duewatch.whatif.features_as_of import Floats, Ints

MEMORY = 31
"""Days of calls that a state remembers."""


@dataclass
class State:
    """Of each spell with a row in the days: how it stood when its first of them began. A ring holds one place for each
    of the last MEMORY days."""

    spells: Ints
    codes: Ints
    entry: Ints
    age: Ints
    tried: Ints  # ring: dials
    seen: Ints  # ring: 1 where somebody talked
    since: Ints
    touched: Ints
    made: Ints
    due: Ints
    owed: Floats
    instalment: Floats
    planned_to: Ints
