"""Rules over a book: every contact's verdict, with reason and evidence.

Verdicts are always found over the whole log and only then cut down to rows: a scope or a period must never change a
count. A book holds the verdicts of the packs it was built with; here they are found anew, from the packs as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from duewatch.books.published import Book
from duewatch.compliance.compiled_rules import FOREVER, Compiled, Values, compile_pack
from duewatch.compliance.pack_types import Pack
from duewatch.compliance.rule_kinds import CountCap
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


@dataclass(frozen=True)
class AuditChoice:
    """What an audit looks at and returns."""

    pack_ids: Sequence[str] = ()
    """Packs to run; empty: all that are in use."""
    from_date: date | None = None
    """First local day of the contacts returned; earlier contacts still count towards a limit."""
    to_date: date | None = None
    """Last local day of the contacts returned, included."""
    verdicts: tuple[str, ...] = VERDICTS
    """Verdicts returned as findings."""
    as_known: str = "now"
    """`now`: with all that the book knows; `then`: with what was known at each contact's instant."""


def findings_and_counts(
    book: Book,
    packs: Mapping[str, Pack],
    choice: AuditChoice = AuditChoice(),
    settings: Settings = Settings(),  # noqa: B008 - frozen
) -> tuple[pl.DataFrame, Tally]:
    """Findings with the columns of `findings`, sorted by rule, day, instant and contact; and how many contacts of the
    period got which verdict, by rule (a rule that judged no contact has no verdicts). Each rule runs once for both.
    Raises RuleError for a pack that is not there."""
    rules = list(rules_in_use(packs, choice.pack_ids, settings, known_then=choice.as_known == "then"))
    period = (choice.from_date or NEVER, choice.to_date or FOREVER)
    frames: list[pl.DataFrame] = []
    tally: Tally = {}
    with closing(DuckDBEngine(book, replace(settings, query_seconds=SECONDS))) as engine:
        for compiled_rule in rules:
            params = findings_params(compiled_rule, choice.verdicts, period)
            over = [("compliance/as_findings", params), ("compliance/as_tally", params)]
            findings, counts = engine.run_over(
                query_file(compiled_rule.query), "verdicts", compiled_rule.params, over, WHOLE_BOOK
            )
            frames.append(findings)
            _add(tally.setdefault(compiled_rule.rule.id, {}), counts)
    return pl.concat(frames).sort("rule_id", "local_date", "started_at", "contact_id", "account_id"), tally


def _add(of: dict[str, int], counts: pl.DataFrame) -> None:
    for verdict, n in counts.iter_rows():
        of[verdict] = of.get(verdict, 0) + n


def packs_in_use(packs: Mapping[str, Pack], settings: Settings) -> list[Pack]:
    """The packs that the settings name, or all that were not withdrawn. Raises RuleError for one that is not there."""
    if settings.packs:
        return [chosen_pack(packs, pack_id) for pack_id in settings.packs]
    return [pack for pack in packs.values() if not pack.withdrawn]


def rules_in_use(
    packs: Mapping[str, Pack], pack_ids: Sequence[str], settings: Settings, *, known_then: bool = False
) -> Iterator[Compiled]:
    """Every dated rule of the named packs, or of those in use."""
    chosen = [chosen_pack(packs, pack_id) for pack_id in pack_ids] if pack_ids else packs_in_use(packs, settings)
    for pack in chosen:
        yield from compile_pack(pack, settings, known_then=known_then)


def chosen_pack(packs: Mapping[str, Pack], pack_id: str) -> Pack:
    """The pack of that id. Raises RuleError."""
    if pack_id not in packs:
        raise RuleError(f"there is no rule pack '{pack_id}'", next_step=f"use one of {', '.join(sorted(packs))}")
    return packs[pack_id]


def findings_params(compiled_rule: Compiled, verdicts: Sequence[str], period: tuple[date, date]) -> Values:
    pack, rule = compiled_rule.pack, compiled_rule.rule
    return {
        **compiled_rule.params,
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


def coverage_params(of_pack: Sequence[Compiled]) -> Values:
    """Values for as_coverage: the pack's own, and the days on which any of its rules is in force."""
    pack, first = of_pack[0].pack, of_pack[0]
    return {
        **first.params,
        "jurisdiction": pack.place,
        "valid_from": min(compiled_rule.rule.effective_from for compiled_rule in of_pack),
        "valid_to": max(compiled_rule.rule.effective_to or FOREVER for compiled_rule in of_pack),
    }


def rule_row(compiled_rule: Compiled) -> dict[str, object]:
    """A rule as a row of `rules_run`."""
    pack, rule = compiled_rule.pack, compiled_rule.rule
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
