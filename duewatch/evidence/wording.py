"""What a finding says, in words that are no stronger than the rule and its evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from duewatch.compliance.verdict_reasons import is_elsewhere
from duewatch.contract.i18n import Words, cited

UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""Characters that have no shape, turn the line round or hide what stands beside them."""
CODE_SECTIONS = {
    "channel": "channel",
    "direction": "direction",
    "outcome": "outcome",
    "role": "role",
    "purpose": "purpose",
    "modality": "modality",
    "evidence_grade": "evidence_grade",
    "strength": "strength",
    "verdict": "verdict",
    "reason": "reason",
    "state": "review",
    "zone_basis": "evidence.zone_basis",
}
"""Columns of codes and the locale section with their words."""


def finding_sentence(words: Words, row: Mapping[str, Any], title: str) -> str:
    """`row`: verdict, modality, reason, detail, counted, limit_count; `in_grace` is told where it is there."""
    verdict = words(f"breach_as.{row['modality']}") if row["verdict"] == "breach" else words("verdict.unknown")
    why = words(f"reason.{row['reason']}") if words.has(f"reason.{row['reason']}") else str(row["reason"])
    if row["counted"] is not None and row["limit_count"] is not None:
        why = words("limits.counted", counted=row["counted"], limit=row["limit_count"])
    elif row["detail"]:
        detail = words("finding_reason.elsewhere", detail=row["detail"]) if is_elsewhere(row) else row["detail"]
        why = words("limits.proof_detail", why=why, detail=detail)
    grace = words("evidence.in_grace") if row.get("in_grace") else ""
    return words("evidence.says", title=title, told=verdict, why=why, grace=grace)


def visible_text(value: object) -> str:
    """A value as text in which every character can be seen; empty for None."""
    if value is None:
        return ""
    return UNSEEN.sub(lambda match: f"<U+{ord(match[0]):04X}>", str(value))


def in_words(words: Words, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its codes in words (a code without words stays) and no character that cannot be seen."""
    return frame.with_columns(
        _column_in_words(words, frame[name], name) for name, kind in frame.schema.items() if kind == pl.String
    )


def _column_in_words(words: Words, column: pl.Series, name: str) -> pl.Series:
    section = CODE_SECTIONS.get(name)
    names = {
        value: words(f"{section}.{value}")
        if section and words.has(f"{section}.{value}")
        else visible_text(cited(words, value) if name in ("cite", "source") else value)
        for value in column.drop_nulls().unique().to_list()
    }
    texts = [None if value is None else names[value] for value in column.to_list()]
    return pl.Series(name, texts, dtype=pl.String)


def heading(words: Words, column: str) -> str:
    """A column's name as a reader knows it."""
    for key in (f"evidence.column.{column}", f"column.{column}"):
        if words.has(key):
            return words(key)
    return column
