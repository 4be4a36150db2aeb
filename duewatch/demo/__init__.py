"""An invented collection book: source files of the contract, and truth.json that says what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from duewatch.contract.errors import DuewatchError
from duewatch.demo.book import Chunk, Lender, live_chunk
from duewatch.demo.call_cap import CallCap
from duewatch.demo.faults import plant_faults
from duewatch.demo.frames import Frames
from duewatch.demo.lender import collectors_frame, holidays_frame, templates_frame
from duewatch.demo.parameters import CHUNK_ACCOUNTS, CSV_UP_TO, Parameters
from duewatch.demo.people import draw_names
from duewatch.demo.planting import reserve
from duewatch.demo.staff import draw_staff
from duewatch.demo.streams import stream
from duewatch.demo.timeline import Timeline
from duewatch.demo.truth import Truth
from duewatch.demo.variants import vary
from duewatch.demo.write import CSV, FORMATS, PARQUET, TRUTH, Sink

LARGEST_ACCOUNTS, LARGEST_MONTHS = 50_000_000, 120
HIDDEN, LOGGED = "hidden", "logged"
MOST_CAP_DATES = 60
JUDGEMENTS = (HIDDEN, LOGGED)
"""What collectors choose by whom to call, beside stage and grade: what they sense of a debtor and no file holds, or
nothing. Debtors differ in it either way."""
__all__ = ["JUDGEMENTS", "lives", "write_demo"]


def _quiet(_: str) -> None:
    """Progress that nobody wants to see."""


def write_demo(
    out: Path,
    *,
    accounts: int = 20_000,
    months: int = 12,
    seed: int = 1,
    as_of: date = date(2026, 10, 31),
    file_format: str | None = None,
    judgement: str = HIDDEN,
    call_cap: tuple[int, int, date] | None = None,
    progress: Callable[[str], None] = _quiet,
) -> Path:
    """Write source files into the folder `out` and return the path of truth.json beside them.

    The same arguments give the same bytes, whatever the number of threads. `file_format`: csv or parquet; by default
    csv up to CSV_UP_TO accounts, above that Parquet parts for the big tables. `judgement`: one of JUDGEMENTS.
    `call_cap`: as `lives`. Memory is bounded: chunk by chunk. Raises DuewatchError where an argument makes no sense or
    the folder holds anything but an earlier demo."""
    _check(accounts, months, seed, as_of, file_format, judgement)
    terms = _terms(judgement)
    chosen = file_format or (CSV if accounts <= CSV_UP_TO else PARQUET)
    days = Timeline(months, as_of, terms.paydays)
    cap = _cap(call_cap, days)
    rng = stream(seed, 0)
    staff, pools, reservation = draw_staff(rng, terms, accounts), draw_names(seed), reserve(accounts)
    sink, truth = Sink(out, chosen), Truth(days)
    frames, lender = Frames(terms, days, staff, pools, seed), Lender(seed, terms, days, staff, reservation)
    for first in range(0, accounts, CHUNK_ACCOUNTS):
        n = min(CHUNK_ACCOUNTS, accounts - first)
        chunk = live_chunk(lender, first=first, n=n, cap=cap)
        tables, ids = frames.of(chunk)
        truth.add(chunk, tables, ids)
        if sink.is_csv("accounts"):
            tables["accounts"], varied = vary(tables["accounts"])
            truth.variants.update(varied)
        for name, frame in tables.items():
            sink.write(name, frame)
        progress(f"{first + n:,} of {accounts:,} accounts")
    sink.write("collectors", collectors_frame(staff, rng, pools, days))
    sink.write("templates", templates_frame())
    sink.write("holidays", holidays_frame(days))
    faults = plant_faults(sink, as_of)
    arguments = {
        "accounts": accounts,
        "months": months,
        "seed": seed,
        "as_of": as_of.isoformat(),
        "format": chosen,
        "judgement": judgement,
    }
    if call_cap is not None:
        arguments["call_cap"] = f"{call_cap[0]} in {call_cap[1]} dates from {call_cap[2].isoformat()}"
    return truth.write(out / TRUTH, terms, staff, arguments, faults, sink.rows)


def lives(
    *,
    accounts: int,
    months: int,
    seed: int,
    as_of: date,
    judgement: str = HIDDEN,
    call_cap: tuple[int, int, date] | None = None,
) -> Iterator[Chunk]:
    """The lives that write_demo would write, chunk by chunk, without the files. `call_cap`: at most so many dates with
    a call to an account in so many dates, from that day on; before it the lives are the same as without. Raises
    DuewatchError as write_demo does."""
    _check(accounts, months, seed, as_of, None, judgement)
    terms = _terms(judgement)
    days = Timeline(months, as_of, terms.paydays)
    cap = _cap(call_cap, days)
    lender = Lender(seed, terms, days, draw_staff(stream(seed, 0), terms, accounts), reserve(accounts))
    for first in range(0, accounts, CHUNK_ACCOUNTS):
        n = min(CHUNK_ACCOUNTS, accounts - first)
        yield live_chunk(lender, first=first, n=n, cap=cap)


def _terms(judgement: str) -> Parameters:
    return Parameters() if judgement == HIDDEN else replace(Parameters(), call_judgement_log_odds=0.0)


def _cap(cap: tuple[int, int, date] | None, days: Timeline) -> CallCap | None:
    if cap is None:
        return None
    most, dates, since = cap
    if not 1 <= dates <= MOST_CAP_DATES:
        raise _bad("call_cap_days", dates, f"give a whole number from 1 to {MOST_CAP_DATES}")
    if not 0 <= most <= dates:
        raise _bad("call_cap", most, "give a whole number from 0 to call_cap_days: dates with a call are counted")
    if not days.start <= since <= days.as_of:
        raise _bad("call_cap_from", since, f"give a day from {days.start} to {days.as_of}")
    return CallCap(most, dates, days.day_of(since))


def _check(accounts: int, months: int, seed: int, as_of: date, file_format: str | None, judgement: str) -> None:
    if not 1 <= accounts <= LARGEST_ACCOUNTS:
        raise _bad("accounts", accounts, f"give a whole number from 1 to {LARGEST_ACCOUNTS}")
    if not 1 <= months <= LARGEST_MONTHS:
        raise _bad("months", months, f"give a whole number from 1 to {LARGEST_MONTHS}")
    if seed < 0:
        raise _bad("seed", seed, "give a whole number from 0")
    if (as_of + timedelta(days=1)).day != 1:
        raise _bad("as_of", as_of, "give the last day of a month")
    if file_format is not None and file_format not in FORMATS:
        raise _bad("file_format", file_format, f"use one of {', '.join(FORMATS)}")
    if judgement not in JUDGEMENTS:
        raise _bad("judgement", judgement, f"use one of {', '.join(JUDGEMENTS)}")


def _bad(name: str, value: object, next_step: str) -> DuewatchError:
    return DuewatchError(f"{name} is {value}, which makes no demo", where=f"argument {name}", next_step=next_step)
