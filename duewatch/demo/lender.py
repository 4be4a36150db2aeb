"""The tables that a lender keeps once: its collectors, templates and own holidays."""

from __future__ import annotations

import numpy as np
import polars as pl

from duewatch.demo.cells import ids, words
from duewatch.demo.conduct import TEMPLATES
from duewatch.demo.people import Names, draw_full_names
from duewatch.demo.staff import AGENCIES, TEAMS, Staff
from duewatch.demo.timeline import Ints, Timeline


def collector_ids(size: int, collectors: Ints) -> pl.Series:
    return words(collectors, ids("K", np.arange(size), 4).to_list())


def collectors_frame(staff: Staff, rng: np.random.Generator, pools: dict[bool, Names], days: Timeline) -> pl.DataFrame:
    n = staff.size
    return pl.DataFrame(
        {
            "collector_id": ids("K", np.arange(n), 4),
            "name": draw_full_names(rng, pools, (staff.team == 4).astype(np.int64)),
            "team": words(staff.team, TEAMS),
            "agency_id": words(staff.agency, AGENCIES),
            "joined_on": days.dates(-rng.integers(30, 1500, n)),
        }
    )


def templates_frame() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "template_id": [row[0] for row in TEMPLATES],
            "channel": [row[1] for row in TEMPLATES],
            "version": [row[2] for row in TEMPLATES],
            "elements": ["|".join(row[3]) for row in TEMPLATES],
        }
    )


def holidays_frame(days: Timeline) -> pl.DataFrame:
    """The invented lender's own calendar: its founding day, each year of the window."""
    years = range(days.start.year, days.as_of.year + 1)
    return pl.DataFrame({"calendar": "LENDER", "date": [f"{year}-05-18" for year in years], "name": "Founding day"})
