"""Everything that a pack says, gathered from the book and the desk before anything is written."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import polars as pl

from duewatch import __version__
from duewatch.books.published import Book
from duewatch.compliance.law_asked import coverage_sentence, once
from duewatch.contract.errors import EvidenceError
from duewatch.contract.i18n import Words
from duewatch.contract.settings import Settings
from duewatch.desk import Desk
from duewatch.desk.reviews import FRAME
from duewatch.engines import Ask
from duewatch.evidence import rules_as_run as as_run
from duewatch.evidence.selection import Choice
from duewatch.evidence.wording import finding_sentence, visible_text
from duewatch.reads import compliance, evidence

NAMED_AT_MOST = 20
"""Rules or accounts without a finding that the pack names one by one."""

Facts = list[tuple[str, str]]


@dataclass(frozen=True)
class Evidence:
    """What a pack says. Frames are as the queries of evidence/ give them."""

    facts: Facts  # (heading, text) for the first page
    findings: pl.DataFrame  # with the sentence of each in `says`
    contacts: pl.DataFrame
    rules: pl.DataFrame
    parameters: pl.DataFrame
    sql: pl.DataFrame
    decisions: pl.DataFrame  # the desk's
    built_at: str
    sha256: str  # of all of it, the same in any file format

    @property
    def n_findings(self) -> int:
        return self.findings.height


@dataclass(frozen=True)
class PackSource:
    """What a pack is made from."""

    ask: Ask
    book: Book
    words: Words
    settings: Settings
    desk: Desk | None  # whose decisions stand in the pack; None for none
    scope: str = ""  # what `ask` is limited to, in words


def gather_evidence(source: PackSource, choice: Choice, *, most_findings: int, most_contacts: int) -> Evidence:
    """Raises EvidenceError where there is nothing, or more than the file may hold: a pack is never cut short."""
    ask, book, words, settings = source.ask, source.book, source.words, source.settings
    params = choice.params()
    findings = evidence.findings_chosen(ask, **params)
    _refuse_empty(ask, choice, findings)
    _refuse_large(findings, most_findings, most_contacts)
    rules = evidence.rules_applied(ask, **params)
    contacts = evidence.contacts_counted(ask, **params)
    parameters = as_run.parameters(rules, settings)
    findings = findings.with_columns(_says(words, findings, rules))
    keys = findings["finding_key"].to_list()
    decisions = (source.desk.decisions(keys) if source.desk else pl.DataFrame(schema=FRAME)).drop("review_id")
    facts = [
        *_book_facts(words, book, settings),
        *_choice_facts(words, choice, findings, source.scope),
        *_count_facts(words, findings, contacts, decisions),
        *_log_facts(words, ask, findings),
        *_query_facts(words, book, as_run.changed_since(rules, parameters)),
    ]
    frames = (findings, contacts, rules, parameters, as_run.sql_lines(rules), decisions)
    return Evidence(facts, *frames, built_at=book.manifest.built_at, sha256=_digest(facts, frames))


def _says(words: Words, findings: pl.DataFrame, rules: pl.DataFrame) -> pl.Series:
    """The sentence of each finding, under the title of the version that held on its day."""
    titles = {
        (rule["rule_id"], rule["effective_from"]): rule[f"title_{words.language}"]
        for rule in rules.iter_rows(named=True)
    }
    sentences = [
        finding_sentence(words, row, titles.get((row["rule_id"], row["effective_from"]), row["rule_id"]))
        for row in findings.iter_rows(named=True)
    ]
    return pl.Series("says", sentences, dtype=pl.String)


def _refuse_empty(ask: Ask, choice: Choice, findings: pl.DataFrame) -> None:
    absent = sorted(set(choice.finding_keys) - set(findings["finding_key"].to_list()))
    if absent:
        raise EvidenceError(
            f"the book has no finding '{absent[0]}' in this choice",
            next_step="copy the key from Contact limits or from 'query compliance/finding_rows'",
        )
    if findings.is_empty():
        last = choice.params()["to_date"]
        judged_rules = set(compliance.rules_on_day(ask, on_day=last)["rule_id"].to_list())
        unknown = sorted(set(choice.rule_ids) - judged_rules)
        if unknown:
            raise EvidenceError(f"the book was not judged by a rule '{unknown[0]}'", next_step="see the page Rulebook")
        raise EvidenceError("no finding of the book is in this choice", next_step="give other rules, accounts or days")


def _refuse_large(findings: pl.DataFrame, most_findings: int, most_contacts: int) -> None:
    n_contacts = int(findings["n_proof"].sum())
    if findings.height > most_findings or n_contacts > most_contacts:
        raise EvidenceError(
            f"the choice has {findings.height:,} findings with {n_contacts:,} counted contacts, and this file holds at "
            f"most {most_findings:,} and {most_contacts:,}",
            next_step="name rules, accounts or fewer days, or write .xlsx in place of .pdf",
        )


def _book_facts(words: Words, book: Book, settings: Settings) -> Facts:
    return [
        (words("export.version"), book.version),
        (words("export.sha256"), book.sha256),
        (words("evidence.built_at"), book.manifest.built_at),
        (words("evidence.code"), words("evidence.code_of", built=book.manifest.code_version, written=__version__)),
        (words("evidence.lender_kind"), settings.lender_kind or words("evidence.no_lender_kind")),
    ]


def _choice_facts(words: Words, choice: Choice, findings: pl.DataFrame, scope: str) -> Facts:
    verdict = words("evidence.every") if choice.verdict == "all" else words(f"verdict.{choice.verdict}")
    facts = [(words("limits.verdict"), verdict)]
    if choice.has_days:
        first, last = choice.from_date or "…", choice.to_date or "…"
        facts.append((words("evidence.days"), words("evidence.days_of", first=first, last=last)))
    for name, ids, column in (("rules", choice.rule_ids, "rule_id"), ("accounts", choice.account_ids, "account_id")):
        if ids:
            facts.append((words(f"evidence.{name}"), _named(words, ids)))
            without = sorted(set(ids) - set(findings[column].to_list()))
            if without:
                facts.append((words(f"evidence.{name}_without"), _named(words, tuple(without))))
    return [*facts, *([(words("export.scope"), visible_text(scope))] if scope else [])]


def _named(words: Words, ids: tuple[str, ...]) -> str:
    listed = ", ".join(visible_text(name) for name in ids[:NAMED_AT_MOST])
    more = len(ids) - NAMED_AT_MOST
    return listed if more <= 0 else words("evidence.and_more", named=listed, n=more)


def _count_facts(words: Words, findings: pl.DataFrame, contacts: pl.DataFrame, decisions: pl.DataFrame) -> Facts:
    by_kind = findings.group_by("verdict", "modality").len().sort("verdict", "modality")
    counted = [
        f"{words(f'breach_as.{modality}') if verdict == 'breach' else words('verdict.unknown')}: {n:,}"
        for verdict, modality, n in by_kind.iter_rows()
    ]
    facts = [
        (words("evidence.n_findings"), f"{findings.height:,}"),
        (words("evidence.by_kind"), "; ".join(dict.fromkeys(counted))),
        (words("evidence.n_contacts"), f"{contacts.height:,}"),
        (words("evidence.n_decisions"), f"{decisions.height:,}"),
    ]
    hidden = contacts.height - int(contacts["is_in_scope"].sum())
    return [*facts, *([(words("evidence.hidden"), words("evidence.hidden_n", n=f"{hidden:,}"))] if hidden else [])]


def _log_facts(words: Words, ask: Ask, findings: pl.DataFrame) -> Facts:
    """Which law was asked on the days of the findings, and how complete the log was; where none has a local day that
    is said."""
    first, last = findings["local_date"].min(), findings["local_date"].max()
    if first is None:
        return [(words("evidence.log"), words("evidence.log_undated"))]
    gaps = compliance.log_completeness(ask, from_date=first, to_date=last)  # type: ignore[arg-type]
    asked = once(compliance.coverage_summary(ask, from_date=first, to_date=last))  # type: ignore[arg-type]
    whole = gaps.filter(pl.col("gap") == "complete").row(0, named=True)
    share = "—" if whole["share"] is None else f"{whole['share']:.1%}"
    return [
        (words("law_asked.title"), coverage_sentence(asked, words)),
        (words("evidence.log"), words("evidence.log_of", share=share, n=f"{whole['n_all']:,}", first=first, last=last)),
    ]


def _query_facts(words: Words, book: Book, changed: list[str]) -> Facts:
    facts = []
    if book.manifest.code_version != __version__:
        facts.append((words("evidence.queries"), words("evidence.other_code")))
    if changed:
        facts.append(
            (words("evidence.no_parameters"), words("evidence.pack_changed", rules=_named(words, tuple(changed))))
        )
    return facts


def _digest(facts: Facts, frames: tuple[pl.DataFrame, ...]) -> str:
    content: list[Any] = [facts, *([frame.columns, [list(row) for row in frame.iter_rows()]] for frame in frames)]
    text = json.dumps(content, ensure_ascii=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
