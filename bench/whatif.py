"""What a what-if answer costs as accounts grow, beside one bare aggregate over the contact log, in one run.

    python bench/whatif.py [ACCOUNTS ...] [--model]        (default 2000 20000)

Books are made from the demo and thrown away. Read the ratios.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from duewatch.books.published import current_book
from duewatch.compliance.packs import load_packs
from duewatch.contract.settings import Settings
from duewatch.demo import write_demo
from duewatch.ingest import ingest
from duewatch.whatif.scenario import scenario_of
from duewatch.whatif.scenario_run import run, run_model

CAP = scenario_of({"levers": {"cap_max": 2, "cap_days": 7}}, "bench")
BARE = "select channel, outcome, count(*) from contacts group by all"


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def costs(accounts: int, *, with_model: bool) -> str:
    """One line of figures for a demo book of so many accounts."""
    with tempfile.TemporaryDirectory() as folder:
        source, books = Path(folder) / "source", Path(folder) / "books"
        write_demo(source, accounts=accounts)
        ingest(source, books=books)
        book, packs = current_book(books), load_packs()
        with duckdb.connect(str(book.path), read_only=True) as con:
            bare = statistics.median(seconds(lambda: con.sql(BARE).fetchall()) for _ in range(5))
        cap = statistics.median(seconds(lambda: run(book, packs, CAP, settings=Settings())) for _ in range(3))
        told = f"{accounts:>9,}{bare:>10.4f}{cap:>9.2f}{cap / bare:>11,.0f}x"
        model = seconds(lambda: run_model(book, CAP, settings=Settings())) if with_model else 0.0
    return told + (f"{model:>10.1f}" if with_model else "")


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:] if word.isdigit()] or [2_000, 20_000]
    with_model = "--model" in sys.argv
    print(f"{'accounts':>9}{'bare, s':>10}{'cap, s':>9}{'cap / bare':>12}", f"{'model, s':>9}" if with_model else "")
    for accounts in sizes:
        print(costs(accounts, with_model=with_model), flush=True)


if __name__ == "__main__":
    main()
