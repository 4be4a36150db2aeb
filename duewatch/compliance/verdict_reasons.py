"""Why a contact got its verdict, as one plain sentence in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import time
from functools import cache
from typing import Any

from duewatch.compliance.earliest_time import hours_of
from duewatch.contract.settings import PROJECT_ROOT


def sentence(finding: Mapping[str, Any], language: str) -> str:
    """The sentence of a finding (`reason`, `detail`, `counted`, `limit_count`); empty for a contact that is ok."""
    reason = finding["reason"]
    if not reason:
        return ""
    words = _words(language)
    text = words.get(f"{reason}_without_detail") if not finding["detail"] else None
    detail = words["elsewhere"].format(detail=finding["detail"]) if is_elsewhere(finding) else finding["detail"]
    return (text or words[reason]).format(detail=detail, counted=finding["counted"], limit=finding["limit_count"])


def is_elsewhere(finding: Mapping[str, Any]) -> bool:
    """Whether the time told of a contact, that of the debtor's first zone, lies within the hours that it broke: then it
    broke them by the clock of another zone where the debtor may be. False where the finding has no `local_time`."""
    if finding["reason"] not in ("outside_hours", "outside_agreed_hours") or not finding.get("local_time"):
        return False
    hours = hours_of(finding["detail"] or "")
    return hours is not None and hours[0] <= time.fromisoformat(str(finding["local_time"])) < hours[1]


@cache
def _words(language: str) -> dict[str, str]:
    """The section `finding_reason` of a locale: words alone, so that the command line speaks as the pages do."""
    text = (PROJECT_ROOT / "locales" / f"{language}.toml").read_text(encoding="utf-8")
    section: dict[str, str] = tomllib.loads(text)["finding_reason"]
    return section
