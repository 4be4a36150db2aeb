"""Codes of a table in the reader's words, and the headings of its columns: for the page and for Excel files."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from duewatch.contract.i18n import Words, cited

CODED = (
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
    "event",
    "balance_band",
    "field",
    "arm",
)
"""Columns whose codes have words in the locales."""
LISTED = {"todos": "todo", "holds": "hold"}
"""Columns of several codes with | between them, and where their words stand."""


def worded(words: Words, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its codes in words (a code without words stays) and our remarks on citations too."""
    shown = frame.with_columns(_worded(words, frame, name) for name in CODED if name in frame.columns)
    shown = shown.with_columns(
        _listed(words, shown, name, section) for name, section in LISTED.items() if shown.schema.get(name) == pl.String
    )
    if "cite" not in shown.columns:
        return shown
    cites = shown["cite"].drop_nulls().unique().to_list()
    return shown.with_columns(pl.col("cite").replace({cite: cited(words, cite) for cite in cites}))


def headings(words: Words, columns: list[str], own: Mapping[str, str] | None = None) -> dict[str, str]:
    """Column to its heading, no two alike: where two would be, the column's name stands behind. `own`: headings that
    are the reader's own and have no words in the locales."""
    told = {name: (own or {}).get(name) or heading(words, name) or name for name in columns}
    often = [text.casefold() for text in told.values()]
    return {name: f"{text} ({name})" if often.count(text.casefold()) > 1 else text for name, text in told.items()}


def heading(words: Words, name: str) -> str | None:
    """The words of a column; None where it has none."""
    return next((words(key) for key in (f"column.{name}", f"evidence.column.{name}") if words.has(key)), None)


def _worded(words: Words, frame: pl.DataFrame, name: str) -> pl.Expr:
    codes = [code for code in frame[name].drop_nulls().unique().to_list() if _word(words, name, code)]
    return pl.col(name).replace({code: _word(words, name, code) for code in codes})


def _listed(words: Words, frame: pl.DataFrame, name: str, section: str) -> pl.Expr:
    told = {
        codes: words("worklist.between").join(_word(words, section, code) or code for code in codes.split("|"))
        for codes in frame[name].drop_nulls().unique().to_list()
    }
    return pl.col(name).replace(told)


def _word(words: Words, name: str, code: str) -> str | None:
    for key in (f"{name}.{code}", f"code.{code}"):
        if words.has(key):
            return words(key)
    return None
