"""Which law was asked about the contacts of a book, and which could not be: a contact that nobody judged broke no rule
only as far as anybody knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import polars as pl

from duewatch.compliance.pack_types import Pack
from duewatch.contract.i18n import Words
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.reads import compliance

Period = tuple[date, date]
PLACED_BY = ("time_zone", "region", "outcome", "party_role", "contact_point")
"""What contacts most often lack to be placed: named in words."""
EACH_ONCE = "all"
"""The jurisdiction under which each contact counts once."""


def coverage_summary(engine: DuckDBEngine, period: Period) -> pl.DataFrame:
    """Each contact once: coverage, missing, currency, n_contacts."""
    ask = lambda name, params: engine.run(name, params, WHOLE_BOOK)  # noqa: E731
    return once(compliance.coverage_summary(ask, from_date=period[0], to_date=period[1]))


def once(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of a summary in which each contact counts once."""
    return rows.filter(jurisdiction=EACH_ONCE)


def coverage_by_contact(engine: DuckDBEngine, period: Period, packs: Sequence[Pack] = ()) -> pl.DataFrame:
    """contact_id, jurisdiction, coverage, missing; of the jurisdictions of these packs, or of all."""
    ask = lambda name, params: engine.run(name, params, WHOLE_BOOK)  # noqa: E731
    rows = compliance.coverage_by_contact(ask, from_date=period[0], to_date=period[1])
    if packs:
        rows = rows.filter(pl.col("jurisdiction").is_in([pack.place for pack in packs]))
    return rows["contact_id", "jurisdiction", "coverage", "missing"]


def coverage_sentence(rows: pl.DataFrame, words: Words, count: Callable[[int], str] = "{:,}".format) -> str:
    """As `31,020 of 32,839 contacts judged by law; 1,449 could not be placed: no time zone`."""
    total, judged = count_of(rows), count_of(rows.filter(coverage="judged"))
    parts = [words("law_asked.judged", judged=count(judged), all=count(total))]
    for (coverage, what), n in totals(rows).items():
        named = what or ""
        if coverage == "cannot_place":
            key = what if what in PLACED_BY else "value"
            named = words(f"law_asked.no_{key}", column=named)
        parts.append(words(f"law_asked.{coverage}", n=count(n), what=named))
    return words("law_asked.between").join(parts)


def count_of(rows: pl.DataFrame) -> int:
    return int(rows["n_contacts"].sum() or 0)


def totals(rows: pl.DataFrame) -> dict[tuple[str, str | None], int]:
    """Contacts that were not judged, by coverage and what is missing (no_pack: the currency), the most first."""
    what = pl.when(pl.col("coverage") == "no_pack").then("currency").otherwise("missing").alias("what")
    counts = rows.filter(pl.col("coverage") != "judged").group_by("coverage", what).agg(pl.col("n_contacts").sum())
    ordered = counts.sort("n_contacts", "coverage", "what", descending=[True, False, False])
    return {(coverage, missing): n for coverage, missing, n in ordered.iter_rows()}
