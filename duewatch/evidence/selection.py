"""Which findings go into a pack."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from duewatch.compliance.compiled_rules import FOREVER
from duewatch.compliance.rule_verdicts import NEVER
from duewatch.contract.errors import EvidenceError
from duewatch.engines import Ask
from duewatch.reads import evidence

VERDICTS = ("breach", "unknown", "all")
NAMED_AT_MOST = 5_000
Ids = tuple[str, ...]


class FindingParams(TypedDict):
    """The parameters of the queries of evidence/."""

    from_date: date
    to_date: date
    undated: bool
    verdict: str
    rule_ids: str
    account_ids: str
    finding_keys: str


@dataclass(frozen=True)
class Choice:
    """Findings of all the given rules, accounts, keys and local days; an empty one does not limit. `verdict`: breach,
    unknown (not assessable) or all. Raises EvidenceError where the values cannot be meant."""

    rule_ids: Ids = ()
    account_ids: Ids = ()
    finding_keys: Ids = ()
    from_date: date | None = None
    to_date: date | None = None
    verdict: str = "breach"

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise EvidenceError(f"there is no verdict '{self.verdict}'", next_step=f"use {', '.join(VERDICTS)}")
        if self.from_date and self.to_date and self.from_date > self.to_date:
            raise EvidenceError(f"{self.from_date} is after {self.to_date}", next_step="give the earlier day first")
        for name, ids in (("rule", self.rule_ids), ("account", self.account_ids), ("finding", self.finding_keys)):
            _check(name, ids)

    @property
    def has_days(self) -> bool:
        return self.from_date is not None or self.to_date is not None

    def in_short(self) -> str:
        """The choice in one line, as the command line takes it."""
        options = [("rule", value) for value in self.rule_ids] + [("account", value) for value in self.account_ids]
        options += [("finding", value) for value in self.finding_keys]
        options += [(name, str(day)) for name, day in (("from", self.from_date), ("to", self.to_date)) if day]
        return " ".join(f"--{name} {value}" for name, value in [*options, ("verdict", self.verdict)])

    def params(self) -> FindingParams:
        """Findings without a local day are in no period, so they are left out where days are given."""
        return {
            "from_date": self.from_date or NEVER,
            "to_date": self.to_date or FOREVER,
            "undated": not self.has_days,
            "verdict": self.verdict,
            "rule_ids": _listed(self.rule_ids),
            "account_ids": _listed(self.account_ids),
            "finding_keys": _listed(self.finding_keys),
        }


def has_finding(ask: Ask, finding_key: str) -> bool:
    """Whether the book, as far as `ask` may see it, has this finding."""
    return not evidence.findings_chosen(ask, **Choice(finding_keys=(finding_key,), verdict="all").params()).is_empty()


def _check(name: str, ids: Ids) -> None:
    if len(ids) > NAMED_AT_MOST:
        raise EvidenceError(
            f"{len(ids):,} {name}s are named, at most {NAMED_AT_MOST:,} can be",
            next_step="choose by rule and day, or write several packs",
        )
    for id_ in ids:
        if not id_.strip() or re.search(r"[\x00-\x1f\x7f]", id_):
            raise EvidenceError(f"{id_!r} is no {name}", next_step=f"give the {name} as the book writes it")


def _listed(ids: Ids) -> str:
    return "\n".join(ids) if ids else "all"
