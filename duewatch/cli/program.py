"""The command line: the same engine with no page in front.

Exit codes: 0 done; 1 something asked for was found wanting (rows rejected under --strict); 2 bad usage or
bad input, with one plain sentence on stderr. Results go to stdout or --out, all else to stderr.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Never

import click

from duewatch import __version__
from duewatch.books.published import current_book
from duewatch.cli.audit import audit_command
from duewatch.cli.clear import clear_command
from duewatch.cli.days import DAY
from duewatch.cli.desk import desk_command
from duewatch.cli.export import export_command
from duewatch.cli.grades import grades_command
from duewatch.cli.process import process_command
from duewatch.cli.recount import recount_command
from duewatch.cli.restate import restate_command
from duewatch.cli.whatif import whatif_command
from duewatch.contract.errors import DuewatchError, QueryError
from duewatch.contract.file_formats import FORMATS, as_bytes, written
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import PROJECT_ROOT, books_dir, load_settings
from duewatch.engines import Params
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.engines.query_files import QueryFile, query_file, query_names

if TYPE_CHECKING:
    from duewatch.ingest import IngestReport

BOOKS = click.option(
    "--books",
    type=click.Path(path_type=Path),
    help="Folder of published books (default: $DUEWATCH_BOOKS, else data/books).",
)
FILE = click.Path(path_type=Path)
EXAMPLES_SHOWN = 20
"""First rejects, one for each table, column and reason, that ingest prints."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="duewatch")
def app() -> None:
    """Watch what is due and due process: build a book from a lender's files, ask it, read it in the browser."""


def main() -> None:
    """Run the command line and exit with the contract's codes."""
    try:
        code = app(standalone_mode=False, prog_name="python -m duewatch")
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        sys.exit(2)
    except click.ClickException as error:
        command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "python -m duewatch"
        told = error.format_message().rstrip(".")
        _fail(f"{told}{' See' if told.endswith('?') else '; see'} '{command} --help'.")
    except DuewatchError as error:
        _fail(error.sentence)
    except (KeyboardInterrupt, click.Abort):
        _fail("stopped; the book in service is the one from before.")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(sentence: str) -> Never:
    print(f"duewatch: {sentence}", file=sys.stderr)
    sys.exit(2)


def _say(text: str) -> None:
    """Progress: on a terminal only, so that a pipe stays quiet."""
    if sys.stderr.isatty():
        print(text, file=sys.stderr)


@app.command("demo", short_help="Write an invented lender's source files, faults and all.")
@click.option("--out", type=FILE, required=True, help="Folder to write the source files and truth.json to.")
@click.option("--accounts", default=20_000, show_default=True, help="How many accounts.")
@click.option("--months", default=12, show_default=True, help="How many month-ends, the last at --as-of.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option("--as-of", type=DAY, default="2026-10-31", show_default=True, help="The last month-end.")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "parquet"]),
    help="Form of the large tables (default: csv up to 200,000 accounts, parquet above).",
)
@click.option(
    "--judgement",
    type=click.Choice(["hidden", "logged"]),
    default="hidden",
    show_default=True,
    help="Whether collectors choose whom to call also by what no file holds, or only by what is logged.",
)
@click.option("--call-cap", type=int, help="Dates with a call that an account may have in --call-cap-days dates.")
@click.option("--call-cap-days", type=int, default=7, show_default=True, help="Dates that the cap counts in.")
@click.option("--call-cap-from", type=DAY, help="First day of the cap; the days before are those of a demo without it.")
def demo_command(
    out: Path,
    accounts: int,
    months: int,
    seed: int,
    as_of: datetime,
    file_format: str | None,
    judgement: str,
    call_cap: int | None,
    call_cap_days: int,
    call_cap_from: datetime | None,
) -> None:
    """Write an invented lender's files with planted faults, and truth.json that counts them.

    Example: python -m duewatch demo --out data/demo --accounts 2000 --months 6
    """
    from duewatch.demo import write_demo  # here, because a query needs neither NumPy nor Faker

    if (call_cap is None) != (call_cap_from is None):
        raise click.UsageError("--call-cap and --call-cap-from go together: give both or neither")
    truth = write_demo(
        out,
        accounts=accounts,
        months=months,
        seed=seed,
        as_of=as_of.date(),
        file_format=file_format,
        judgement=judgement,
        progress=_say,
        call_cap=None if call_cap is None or call_cap_from is None else (call_cap, call_cap_days, call_cap_from.date()),
    )
    print(truth)


@app.command("ingest", short_help="Check a folder of source files and put a new book in service.")
@click.argument("source")
@BOOKS
@click.option("--mapping", type=FILE, help="TOML file that names your columns and codes (docs/mapping.md).")
@click.option("--strict", is_flag=True, help="Exit with 1 where any row was rejected.")
def ingest_command(source: str, books: Path | None, mapping: Path | None, strict: bool) -> int:
    """Read a folder of source files, check every row, and put a new book in service.

    Example: python -m duewatch ingest data/demo --mapping my-system.toml
    """
    from duewatch.ingest import ingest  # here, because a query needs no validation library

    report = ingest(Path(source), books=books_dir(books), mapping=mapping, settings=load_settings(), progress=_say)
    print(_load_table(report))
    return 1 if strict and any(load.rows_rejected for load in report.loads) else 0


def _load_table(report: IngestReport) -> str:
    lines = [f"{'table':<14}{'read':>14}{'accepted':>14}{'rejected':>12}  why"]
    for load in report.loads:
        why = ", ".join(f"{reason} {count:,}" for reason, count in sorted(load.reasons.items(), key=lambda r: -r[1]))
        counts = f"{load.rows_read:>14,}{load.rows_accepted:>14,}{load.rows_rejected:>12,}"
        lines.append(f"{load.table:<14}{counts}  {why}".rstrip())
    lines += [f"rejected: {example}" for example in report.examples[:EXAMPLES_SHOWN]]
    if len(report.examples) > EXAMPLES_SHOWN:
        lines.append("rejected: further kinds, see Data health")
    if report.missing_tables:
        lines.append(f"not given: {', '.join(report.missing_tables)}")
    lines += [f"note: {note}" for note in report.notes]
    lines.append(f"book {report.book_version} is in service")
    return "\n".join(lines)


@app.command(
    "query",
    short_help="Ask the book a question of queries/.",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("name", required=False)
@click.option("--list", "list_all", is_flag=True, help="List the queries with their question.")
@click.option("--help", "show_help", is_flag=True, help="Show this, or the query's own parameters and columns.")
@click.option("--sql", "show_sql", is_flag=True, help="Print the query's SQL instead of running it.")
@BOOKS
@click.option("--format", "file_format", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--out", type=FILE, help="File to write to (default: stdout).")
@click.pass_context
def query_command(
    context: click.Context,
    name: str | None,
    list_all: bool,
    show_help: bool,
    show_sql: bool,
    books: Path | None,
    file_format: str,
    out: Path | None,
) -> None:
    """Ask the book one of the questions in queries/, with the query's own parameters as options.

    Example: python -m duewatch query portfolio/aging_buckets --as-of 2026-10-31 --format csv
    """
    if list_all:
        print("\n".join(f"{each:<34}{query_file(each).question}" for each in query_names()))
    elif name is None:
        if not show_help:
            raise QueryError("name a query", next_step="see 'python -m duewatch query --list'")
        print(context.get_help())
    elif show_help or show_sql:
        print(query_file(name).sql if show_sql else _described(query_file(name)))
    else:
        _answer(query_file(name), context.args, books, file_format, out)


def _described(query: QueryFile) -> str:
    lines = [query.question, f"Grain: {query.grain}", *([f"Note: {query.notes}"] if query.notes else [])]
    for param in query.params:
        given = f" (default {param.default})" if param.default is not None else ""
        lines.append(f"  --{param.name.replace('_', '-'):<18}{param.type}: {param.meaning}{given}")
    lines.append("Columns:")
    lines += [f"  {column.name:<20}{column.type}: {column.meaning}" for column in query.columns]
    return "\n".join(lines)


def _answer(query: QueryFile, args: Sequence[str], books: Path | None, file_format: str, out: Path | None) -> None:
    values = query.bound(dict(_options(args)))
    engine = DuckDBEngine(current_book(books_dir(books)), load_settings())
    frame = engine.run(query.name, values, WHOLE_BOOK)
    if frame.is_empty():
        _say_why_empty(engine, query, values)
    written(as_bytes(frame, file_format), out)


def _options(args: Sequence[str]) -> list[tuple[str, str]]:
    """`--as-of 2026-10-31` and `--as-of=2026-10-31` as pairs of parameter name and text."""
    pairs: list[tuple[str, str]] = []
    rest = list(args)
    while rest:
        head = rest.pop(0)
        if not head.startswith("--"):
            raise QueryError(f"'{head}' stands alone", next_step="give parameters as --name value")
        name, equals, text = head[2:].partition("=")
        if not equals and not rest:
            raise QueryError(f"--{name} has no value", next_step="give parameters as --name value")
        pairs.append((name.replace("-", "_"), text if equals else rest.pop(0)))
    return pairs


def _say_why_empty(engine: DuckDBEngine, query: QueryFile, values: Params) -> None:
    """An empty answer for a day without a snapshot is said, never left to look like a book of nothing."""
    days: list[date] = engine.run("portfolio/snapshot_days", {}, WHOLE_BOOK)["as_of"].to_list()
    absent = [str(day) for day in values.values() if isinstance(day, date) and day not in days]
    if query.name.startswith("portfolio/") and absent and days:
        near = ", ".join(str(day) for day in days[-3:])
        sentence = f"the book has no snapshot on {' and '.join(absent)}; its last days are {near}"
        print(f"duewatch: {sentence}.", file=sys.stderr)


app.add_command(audit_command)
app.add_command(desk_command)
app.add_command(export_command)
app.add_command(clear_command)
app.add_command(grades_command)
app.add_command(process_command)
app.add_command(recount_command)
app.add_command(restate_command)
app.add_command(whatif_command)


@app.command("run", short_help="Start the app, on this machine only.")
@click.option("--port", default=8501, show_default=True, envvar="PORT", help="Port on 127.0.0.1.")
@BOOKS
@click.option(
    "--prepare/--no-prepare",
    default=True,
    show_default=True,
    help="Ask recent queries again in the background when the app starts and when a new book comes.",
)
def run_command(port: int, books: Path | None, prepare: bool) -> None:
    """Start the app in the browser, on this machine only.

    Example: python -m duewatch run --port 8600
    """
    os.environ["DUEWATCH_BOOKS"] = str(books_dir(books).resolve())
    script = str(PROJECT_ROOT / "app.py")
    os.chdir(PROJECT_ROOT)
    os.environ["DUEWATCH_PREPARE"] = "1" if prepare else "0"
    server = [sys.executable, "-m", "duewatch.ui.shell.server", "run", script, f"--server.port={port}"]
    os.execv(sys.executable, server)
