"""Server time of every page after its first load, beside one bare aggregate over the contact log, in one run.

    python bench/pages.py [BOOKS]        (default: $DUEWATCH_BOOKS, else data/books)

A page is run as Streamlit runs it, without a browser: what is measured is the script, its queries and its figures. The
caches are warm, as they are for the second person who opens a page on a day. Read the ratios, not the milliseconds; on
a machine that does other work too, processor time says more than the clock.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

import duckdb
from streamlit.testing.v1 import AppTest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from duewatch.books.published import current_book
from duewatch.contract.settings import books_dir
from duewatch.ui.shell.frame import BY_LINK, PAGES

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
BARE = "select channel, outcome, count(*) from contacts group by all"


def pages_in_menu() -> list[str]:
    return [page for page in PAGES if page not in BY_LINK]


def page_times(page: str, *, rounds: int = ROUNDS) -> tuple[float, float, float]:
    """Milliseconds of the first load, and the medians of later ones: by the clock, and of processor time."""
    at = AppTest.from_file(str(ROOT / "tests" / "support" / "frame.py"), default_timeout=600)
    at.query_params["lang"] = "en"
    at.run()
    begun = time.perf_counter()
    at.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
    first = time.perf_counter() - begun
    told = [*at.exception, *(error for error in at.error if "was stopped" in error.value)]
    if told:
        raise SystemExit(f"{page}: {told[0].value}")
    later, worked = [], []
    for _ in range(rounds):
        begun, busy = time.perf_counter(), time.process_time()
        at.run()
        later.append(time.perf_counter() - begun)
        worked.append(time.process_time() - busy)
    return first * 1000, _middle(later) * 1000, _middle(worked) * 1000


def _middle(times: list[float]) -> float:
    return statistics.median(times) if times else float("nan")


def bare_aggregate(path: Path) -> float:
    """Milliseconds of one aggregate over the log, the median of several."""
    with duckdb.connect(str(path), read_only=True) as con:
        times = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            con.sql(BARE).fetchall()
            times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def main() -> None:
    folder = books_dir(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    os.environ["DUEWATCH_BOOKS"] = str(folder)
    book = current_book(folder)
    bare = bare_aggregate(book.path)
    print(f"bare aggregate over the contact log: {bare:.1f} ms")
    print(f"{'page':<16}{'first, ms':>12}{'later, ms':>12}{'processor, ms':>16}{'later / bare':>14}")
    medians = []
    for page in pages_in_menu():
        first, later, worked = page_times(page)
        medians.append((later, worked))
        print(f"{page:<16}{first:>12,.0f}{later:>12,.0f}{worked:>16,.0f}{later / bare:>13,.0f}x", flush=True)
    clock, busy = (statistics.median(column) for column in zip(*medians, strict=True))
    print(f"median of the pages: {clock:,.0f} ms, of which the processor worked {busy:,.0f} ms")


if __name__ == "__main__":
    main()
