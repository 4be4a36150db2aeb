"""Why a contact got its verdict, as one plain sentence in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from duewatch.settings import PROJECT_ROOT


def sentence(finding: Mapping[str, Any], language: str) -> str:
    """The sentence of a finding (`reason`, `detail`, `counted`, `limit_count`); empty for a contact that is ok."""
    reason = finding["reason"]
    if not reason:
        return ""
    words = _words(language)
    text = words.get(f"{reason}_without_detail") if not finding["detail"] else None
    return (text or words[reason]).format(
        detail=finding["detail"], counted=finding["counted"], limit=finding["limit_count"]
    )


@cache
def _words(language: str) -> dict[str, str]:
    """The section `finding_reason` of a locale: words alone, so that the command line speaks as the pages do."""
    text = (PROJECT_ROOT / "locales" / f"{language}.toml").read_text(encoding="utf-8")
    section: dict[str, str] = tomllib.loads(text)["finding_reason"]
    return section
