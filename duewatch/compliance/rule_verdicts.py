"""Rules over a book: every contact's verdict, with reason and evidence.

Verdicts are always found over the whole log and only then cut down to rows: a scope or a period must never change a
count. A book holds the verdicts of the packs it was built with; here they are found anew, from the packs as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date

import polars as pl

from duewatch.books.published import Book
from duewatch.compliance.compiled_rules import FOREVER, Compiled, Values, compiled
from duewatch.compliance.packs import CountCap, Pack
from duewatch.contract.errors import RuleError
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.engines.query_files import query_file

VERDICTS = ("breach", "unknown", "exempt", "ok")
Tally = dict[str, dict[str, int]]
"""Rule to verdict to contacts."""
NEVER = date(1, 1, 1)
SECONDS = 3600.0
"""Time limit of one rule: an audit of a large book is asked for, not waited for by a page."""


def judged(
    book: Book,
    packs: Mapping[str, Pack],
    *,
    pack_ids: Sequence[str] = (),
    from_date: date | None = None,
    to_date: date | None = None,
    verdicts: Iterable[str] = VERDICTS,
    as_known: str = "now",
    settings: Settings = Settings(),  # noqa: B008 - frozen
) -> pl.DataFrame:
    """Findings of the named packs (all that are in use where none is named), with the columns of `findings`.

    `from_date` and `to_date` (included) choose the contacts shown, not those counted. `as_known`: now, or then (what
    was known at each contact's instant). Sorted by rule, day, instant and contact. Raises RuleError.
    """
    found, _ = judged_and_tallied(
        book,
        packs,
        pack_ids=pack_ids,
        from_date=from_date,
        to_date=to_date,
        verdicts=verdicts,
        as_known=as_known,
        settings=settings,
    )
    return found


def judged_and_tallied(
    book: Book,
    packs: Mapping[str, Pack],
    *,
    pack_ids: Sequence[str] = (),
    from_date: date | None = None,
    to_date: date | None = None,
    verdicts: Iterable[str] = VERDICTS,
    as_known: str = "now",
    settings: Settings = Settings(),  # noqa: B008 - frozen
) -> tuple[pl.DataFrame, Tally]:
    """`judged`, and how many contacts of the period got which verdict, rule by rule: each rule is run once for both.
    A rule that judged none is in the tally without verdicts. Raises as `judged`."""
    rules = list(to_run(packs, pack_ids, settings, known_then=as_known == "then"))
    period, wanted = (from_date or NEVER, to_date or FOREVER), tuple(verdicts)
    frames: list[pl.DataFrame] = []
    tally: Tally = {}
    with closing(DuckDBEngine(book, replace(settings, query_seconds=SECONDS))) as engine:
        for each in rules:
            given = findings_params(each, wanted, period)
            over = [("compliance/as_findings", given), ("compliance/as_counts", given)]
            found, counts = engine.run_over(query_file(each.query), "verdicts", each.params, over, WHOLE_BOOK)
            frames.append(found)
            _add(tally.setdefault(each.rule.id, {}), counts, period)
    return pl.concat(frames).sort("rule_id", "local_date", "started_at", "contact_id", "account_id"), tally


def _add(of: dict[str, int], counts: pl.DataFrame, period: tuple[date, date]) -> None:
    inside = counts.filter(pl.col("local_date").is_between(*period).fill_null(True))
    for verdict, n in inside.group_by("verdict").agg(pl.col("n_contacts").sum()).iter_rows():
        of[verdict] = of.get(verdict, 0) + n


def packs_in_use(packs: Mapping[str, Pack], settings: Settings) -> list[Pack]:
    """The packs that the settings name, or all that were not withdrawn. Raises RuleError for one that is not there."""
    if settings.packs:
        return [_known(packs, pack_id) for pack_id in settings.packs]
    return [pack for pack in packs.values() if not pack.withdrawn]


def to_run(
    packs: Mapping[str, Pack], pack_ids: Sequence[str], settings: Settings, *, known_then: bool = False
) -> Iterator[Compiled]:
    """Every dated rule of the named packs, or of those in use."""
    chosen = [_known(packs, pack_id) for pack_id in pack_ids] if pack_ids else packs_in_use(packs, settings)
    for pack in chosen:
        yield from compiled(pack, settings, known_then=known_then)


def _known(packs: Mapping[str, Pack], pack_id: str) -> Pack:
    if pack_id not in packs:
        raise RuleError(f"there is no rule pack '{pack_id}'", next_step=f"use one of {', '.join(sorted(packs))}")
    return packs[pack_id]


def findings_params(each: Compiled, verdicts: Sequence[str], period: tuple[date, date]) -> Values:
    pack, rule = each.pack, each.rule
    return {
        **each.params,
        "pack_id": pack.id,
        "pack_version": pack.version,
        "rule_id": rule.id,
        "kind": rule.kind,
        "modality": rule.modality,
        "cite": rule.cite,
        "grace_until": rule.grace_until or NEVER,
        "wanted": ",".join(verdicts),
        "from_date": period[0],
        "to_date": period[1],
    }


def rule_row(each: Compiled) -> dict[str, object]:
    """A rule as a row of `rules_run`."""
    pack, rule = each.pack, each.rule
    return {
        "pack_id": pack.id,
        "pack_version": pack.version,
        "pack_title_en": pack.title_en,
        "pack_title_zh": pack.title_zh,
        "jurisdiction": pack.jurisdiction,
        "strength": pack.strength,
        "rule_id": rule.id,
        "kind": rule.kind,
        "title_en": rule.title_en,
        "title_zh": rule.title_zh,
        "modality": rule.modality,
        "cite": rule.cite,
        "source": rule.source,
        "evidence_grade": rule.read,
        "verified_on": rule.verified_on,
        "effective_from": rule.effective_from,
        "effective_to": rule.effective_to,
        "grace_until": rule.grace_until,
        "rule_text": rule.text,
        "pack_sha256": pack.sha256,
        "limit_count": rule.spec.max if isinstance(rule.spec, CountCap) else None,
    }
