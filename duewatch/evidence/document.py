"""The pack as a PDF/A. Texts of the book reach Typst as JSON and are set as they stand: none is ever read as markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import typst

from duewatch.contract.errors import EvidenceError
from duewatch.contract.i18n import Words, cited
from duewatch.evidence.contents import Evidence
from duewatch.evidence.wording import in_words, visible_text

TEMPLATE = Path(__file__).with_name("document.typ")
CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Serif CJK SC",
    "Source Han Sans SC",
    "Source Han Serif SC",
    "PingFang SC",
    "Microsoft YaHei",
    "SimSun",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
)
"""The first of these that is installed sets the text."""
LABELS = (
    "title",
    "what",
    "statement",
    "digest",
    "clause",
    "source",
    "in_force",
    "pack",
    "counted",
    "annex_rules",
    "annex_parameters",
    "annex_sql",
    "page",
    "of",
)


def as_document(pack: Evidence, words: Words) -> bytes:
    """PDF/A-2b, the same bytes for the same pack and font: it is dated with the book. Raises EvidenceError."""
    font = chinese_font(words)
    data = json.dumps(_content(pack, words), ensure_ascii=False, default=str)
    instant = datetime.fromisoformat(pack.built_at.replace("Z", "+00:00"))
    inputs = {"data": data, "font": font, "lang": words.language}
    try:
        return typst.compile(
            TEMPLATE, root=TEMPLATE.parent, sys_inputs=inputs, pdf_standards="a-2b", timestamp=int(instant.timestamp())
        )
    except typst.TypstError as error:
        raise EvidenceError(f"the PDF cannot be set ({error.message})", next_step="write .xlsx") from None


def chinese_font(words: Words) -> str:
    """A font among those installed that has Chinese characters. Raises EvidenceError."""
    for name in CHINESE_FONTS:
        if name in _families():
            return name
    raise EvidenceError(words("evidence.no_font"), next_step="install fonts-noto-cjk ('make browser'), or write .xlsx")


@cache
def _families() -> frozenset[str]:
    return frozenset(typst.Fonts().families())


def _content(pack: Evidence, words: Words) -> dict[str, Any]:
    contacts = _by(in_words(words, pack.contacts), "finding_key")
    decisions = _by(in_words(words, pack.decisions), "finding_key")
    findings = in_words(words, pack.findings).to_dicts()
    return {
        "labels": {name: words(f"evidence.{name}") for name in LABELS},
        "digest": pack.sha256,
        "facts": [[visible_text(about), visible_text(text)] for about, text in pack.facts],
        "rules": [
            _rule(words, rule, raw["rule_text"])
            | {"findings": [_finding(words, row, contacts, decisions) for row in findings if _is_of(row, rule)]}
            for rule, raw in zip(in_words(words, pack.rules).to_dicts(), pack.rules.to_dicts(), strict=True)
        ],
        "parameters": _by_query(in_words(words, pack.parameters)),
        "sql": [{"query": name, "text": "\n".join(lines)} for name, lines in _texts(pack.sql)],
    }


def _is_of(finding: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    return (finding["rule_id"], finding["effective_from"]) == (rule["rule_id"], rule["effective_from"])


def _rule(words: Words, rule: Mapping[str, Any], text: str) -> dict[str, Any]:
    last = rule["effective_to"] or words("evidence.open_end")
    return {
        "id": rule["rule_id"],
        "title": rule[f"title_{words.language}"],
        "modality": rule["modality"],
        "cite": cited(words, rule["cite"]),
        "source": cited(words, rule["source"]),
        "grade": words("evidence.grade", grade=rule["evidence_grade"], verified=rule["verified_on"]),
        "in_force": words("evidence.in_force_of", first=rule["effective_from"], last=last),
        "pack": words(
            "evidence.version",
            title=rule[f"pack_title_{words.language}"],
            strength=rule["strength"],
            pack=rule["pack_id"],
            version=rule["pack_version"],
            sha=rule["pack_sha256"],
        ),
        "n": words("evidence.found", n=f"{rule['n_findings']:,}"),
        "text": visible_text(text),
    }


def _finding(words: Words, row: Mapping[str, Any], contacts: _Rows, decisions: _Rows) -> dict[str, Any]:
    return {
        "key": row["finding_key"],
        "when": _when(row),
        "says": row["says"],
        "who": words(
            "evidence.who",
            debtor=row["debtor_id"],
            account=row["account_id"],
            contact=row["contact_id"],
            collector=row["collector_id"] or "—",
            team=row["team"] or "—",
            agency=row["agency_id"] or words("limits.none_agency"),
        ),
        "contacts": [_contact(words, contact) for contact in contacts.get(row["finding_key"], [])],
        "decisions": [
            words(
                "evidence.decided",
                state=decision["state"],
                by=decision["made_by"],
                at=f"{decision['made_at']:%Y-%m-%d %H:%M}",
                reason=decision["reason"],
            )
            for decision in decisions.get(row["finding_key"], [])
        ],
    }


def _when(row: Mapping[str, Any]) -> str:
    """The local day and time where they are known, else UTC."""
    return f"{row['local_date']} {(row['local_time'] or '')[:8]}" if row["local_date"] else f"{row['started_at']} UTC"


def _contact(words: Words, row: Mapping[str, Any]) -> list[str]:
    if not row["is_in_scope"]:
        return [str(row["place"]), "—", words("evidence.not_shown"), "", "", ""]
    maker = " · ".join(row[name] for name in ("collector_id", "team", "agency_id") if row[name]) or "—"
    mark = words("evidence.this_one") if row["is_judged"] else ""
    return [
        str(row["place"]),
        row["contact_id"],
        _when(row),
        f"{row['channel']} · {row['outcome'] or '—'}",
        maker,
        mark,
    ]


_Rows = dict[str, list[dict[str, Any]]]


def _by(frame: pl.DataFrame, column: str) -> _Rows:
    rows: _Rows = {}
    for row in frame.iter_rows(named=True):
        rows.setdefault(row[column], []).append(row)
    return rows


def _by_query(parameters: pl.DataFrame) -> list[dict[str, Any]]:
    rows: dict[str, list[str]] = {}
    for row in parameters.iter_rows(named=True):
        title = f"{row['rule_id']} ({row['effective_from']}): {row['query']}"
        rows.setdefault(title, []).append(f"{row['parameter']} = {row['value']}")
    return [{"title": title, "text": "\n".join(lines)} for title, lines in rows.items()]


def _texts(sql: pl.DataFrame) -> list[tuple[str, list[str]]]:
    texts: dict[str, list[str]] = {}
    for row in sql.iter_rows(named=True):
        texts.setdefault(row["query"], []).append(row["sql"])
    return list(texts.items())
