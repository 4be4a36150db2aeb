"""`query`: one question of queries/, with its own parameters as options."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click

from duewatch.books.published import current_book
from duewatch.cli.options import BOOKS, DAY, FILE, FORMAT
from duewatch.contract.errors import QueryError
from duewatch.contract.file_formats import as_bytes, write_output
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import books_dir, load_settings
from duewatch.engines import Params
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.engines.narrowed_scope import narrowed_scope
from duewatch.engines.query_files import QueryFile, query_file, query_names


@click.command(
    "query", context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)
@click.argument("name", required=False)
@click.option("--list", "list_all", is_flag=True, help="List the queries with their question.")
@click.option("--help", "show_help", is_flag=True, help="Show this, or the query's own parameters and columns.")
@click.option("--sql", "show_sql", is_flag=True, help="Print the query's SQL instead of running it.")
@click.option("--branch", "branches", multiple=True, help="Only accounts of this branch; may be given again.")
@click.option("--product", "products", multiple=True, help="Only accounts of this product; may be given again.")
@click.option("--currency", "currencies", multiple=True, help="Only accounts in this currency; may be given again.")
@click.option("--known-on", type=DAY, help="Only what the lender knew by the end of that day (posted, recorded).")
@BOOKS
@FORMAT
@click.option("--out", type=FILE, help="File to write to (default: stdout).")
@click.pass_context
def query_command(
    context: click.Context,
    name: str | None,
    list_all: bool,
    show_help: bool,
    show_sql: bool,
    branches: tuple[str, ...],
    products: tuple[str, ...],
    currencies: tuple[str, ...],
    known_on: datetime | None,
    books: Path | None,
    file_format: str,
    out: Path | None,
) -> None:
    """Ask the book one of the questions in queries/, with the query's own parameters as options, of the whole book or
    of some branches, products or currencies.

    Example: python -m duewatch query portfolio/aging_buckets --as-of 2026-10-31 --format csv
    """
    if list_all:
        print("\n".join(f"{query_name:<34}{query_file(query_name).question}" for query_name in query_names()))
    elif name is None:
        if not show_help:
            raise QueryError("name a query", next_step="see 'python -m duewatch query --list'")
        print(context.get_help())
    elif show_help or show_sql:
        print(query_file(name).sql if show_sql else _described(query_file(name)))
    else:
        query = query_file(name)
        values = query.bound(dict(_options(context.args)))
        engine = DuckDBEngine(current_book(books_dir(books)), load_settings())
        scope = narrowed_scope(
            engine,
            WHOLE_BOOK,
            branches=branches,
            products=products,
            currencies=currencies,
            known_on=known_on.date() if known_on else None,
        )
        frame = engine.run(query.name, values, scope)
        if frame.is_empty():
            _say_why_empty(engine, query, values)
        write_output(as_bytes(frame, file_format), out)


def _described(query: QueryFile) -> str:
    lines = [query.question, f"Grain: {query.grain}", *([f"Note: {query.notes}"] if query.notes else [])]
    for param in query.params:
        default = f" (default {param.default})" if param.default is not None else ""
        told = f"; {param.told}" if param.told else ""
        lines.append(f"  --{param.name.replace('_', '-'):<18}{param.type}: {param.meaning}{told}{default}")
    lines.append("Columns:")
    lines += [f"  {column.name:<20}{column.type}: {column.meaning}" for column in query.columns]
    return "\n".join(lines)


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
        last_days = ", ".join(str(day) for day in days[-3:])
        sentence = f"the book has no snapshot on {' and '.join(absent)}; its last days are {last_days}"
        print(f"duewatch: {sentence}.", file=sys.stderr)
