"""Codes of a table in the reader's words, and the headings of its columns: for the page and for Excel files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from duewatch.compliance.verdict_reasons import is_elsewhere
from duewatch.contract.i18n import Words, cited

CODE_COLUMNS = (
    "bucket",
    "restated_by",
    "state_before",
    "state_after",
    "from_state",
    "to_state",
    "to_bucket",
    "from_bucket",
    "status",
    "risk_grade",
    "delimiter",
    "component",
    "gap",
    "reason",
    "verdict",
    "modality",
    "evidence_grade",
    "strength",
    "rule_state",
    "standing",
    "role",
    "channel",
    "direction",
    "outcome",
    "purpose",
    "state",
    "item_kind",
    "stage",
    "missing",
    "history",
    "willingness",
    "ability",
    "delay_cause",
    "factor",
    "grade",
    "grade_before",
    "grade_after",
    "identity",
    "todo",
    "clearance",
    "coverage",
    "event",
    "balance_band",
    "field",
    "arm",
)
"""Columns whose codes have words in the locales."""
CODE_LIST_COLUMNS = {"todos": "todo", "holds": "hold"}
"""Columns of several codes with | between them, and where their words stand."""


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def with_code_labels(words: Words, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its codes in words (a code without words stays) and our remarks on citations too."""
    labelled = frame.with_columns(_labels(words, frame, name) for name in CODE_COLUMNS if name in frame.columns)
    labelled = labelled.with_columns(
        _list_labels(words, labelled, name, section)
        for name, section in CODE_LIST_COLUMNS.items()
        if labelled.schema.get(name) == pl.String
    )
    if "cite" not in labelled.columns:
        return labelled
    cites = labelled["cite"].drop_nulls().unique().to_list()
    return labelled.with_columns(pl.col("cite").replace({cite: cited(words, cite) for cite in cites}))


def headings(words: Words, columns: list[str], own_headings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Each column's heading. Where two headings would be alike, the column's name follows in brackets.
    `own_headings`: headings that the reader chose; the locales have no words for them."""
    texts = {name: (own_headings or {}).get(name) or heading(words, name) or name for name in columns}
    lowered = [text.casefold() for text in texts.values()]
    return {name: f"{text} ({name})" if lowered.count(text.casefold()) > 1 else text for name, text in texts.items()}


def heading(words: Words, name: str) -> str | None:
    """The words of a column; None where it has none."""
    return next((words(key) for key in (f"column.{name}", f"evidence.column.{name}") if words.has(key)), None)


def code_text(words: Words, code: str, section: str = "code") -> str:
    """The word of one code; the code itself where it has none."""
    key = f"{section}.{code}"
    return words(key) if words.has(key) else code


def reason_text(words: Words, finding: Mapping[str, Any]) -> str:
    """Why a contact is a finding: the count against its limit, or the reason with its detail. `finding`: reason,
    counted, limit_count, detail, and what verdict_reasons needs."""
    if finding["counted"] is not None and finding["limit_count"] is not None:
        return words("limits.counted", counted=finding["counted"], limit=finding["limit_count"])
    why, detail = code_text(words, finding["reason"], "reason"), finding["detail"]
    if not detail:
        return why
    if is_elsewhere(finding):
        detail = words("finding_reason.elsewhere", detail=detail)
    return words("limits.proof_detail", why=why, detail=detail)


def _labels(words: Words, frame: pl.DataFrame, name: str) -> pl.Expr:
    codes = [code for code in frame[name].drop_nulls().unique().to_list() if _label(words, name, code)]
    return pl.col(name).replace({code: _label(words, name, code) for code in codes})


def _list_labels(words: Words, frame: pl.DataFrame, name: str, section: str) -> pl.Expr:
    labels = {
        codes: words("worklist.between").join(_label(words, section, code) or code for code in codes.split("|"))
        for codes in frame[name].drop_nulls().unique().to_list()
    }
    return pl.col(name).replace(labels)


def _label(words: Words, name: str, code: str) -> str | None:
    for key in (f"{name}.{code}", f"code.{code}"):
        if words.has(key):
            return words(key)
    return None
