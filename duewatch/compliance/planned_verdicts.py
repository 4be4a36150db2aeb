"""Planned contacts on trial: laid on the bench among those that are to be counted, and every rule asked about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from duewatch.compliance.clearance_answer import Clearance, Objection
from duewatch.compliance.compiled_rules import Compiled
from duewatch.compliance.pack_types import Require, Rule
from duewatch.compliance.plan_assumptions import every_channel
from duewatch.engines.planned_contacts import PlannedContactTables
from duewatch.engines.query_files import query_file

GRAVITY = ("exempt", "ok", "unknown", "breach")
Found = dict[int, Mapping[str, Any]]
"""A rule's verdict by row of the plan."""


def unheard(_: float) -> None:
    """Progress that nobody wants to hear."""


class Trial:
    def __init__(self, bench: PlannedContactTables, rules: Sequence[Compiled]) -> None:
        self.bench, self.rules = bench, rules

    def judge(
        self, asked: Sequence[Clearance], laid: Sequence[Clearance], progress: Callable[[float], None] = unheard
    ) -> None:
        """Writes down every rule's objections to `asked`; `laid` (which holds them) is what may be counted. `progress`
        is told the share of the rules asked."""
        self._lay(asked, laid)
        for answer in asked:
            answer.objections, answer.notes = [], []
        channels = {answer.contact["channel"] for answer in asked}
        for number, each in enumerate(self.rules):
            progress(number / len(self.rules))
            if each.rule.events.channel and channels.isdisjoint(each.rule.events.channel):
                continue
            found = self._found(each, every_channel(each.rule))
            for answer in asked:
                verdict = found.get(answer.contact.row)
                if verdict and verdict["verdict"] in ("breach", "unknown"):
                    answer.objections.append(Objection(each, verdict))
                elif verdict and verdict["verdict"] == "ok":
                    answer.notes += _taken_for_kept(each.rule, answer)

    def read(
        self, each: Compiled, asked: Sequence[Clearance], laid: Sequence[Clearance], readings: Sequence[tuple[str, ...]]
    ) -> Found:
        """One rule's verdicts with other readings than its own."""
        self._lay(asked, laid)
        return self._found(each, readings)

    def _lay(self, asked: Sequence[Clearance], laid: Sequence[Clearance]) -> None:
        rows = {answer.contact.row for answer in asked}
        self.bench.lay(
            [(a.contact.row, *a.placing.local, a.contact.row in rows) for a in laid],
            [(a.contact.row, *zone) for a in laid for zone in a.placing.further],
        )

    def _found(self, each: Compiled, readings: Sequence[tuple[str, ...]]) -> Found:
        """The gravest verdict of each row, where it counts to several debts."""
        gravest: Found = {}
        for row in self.bench.verdicts(query_file(each.query), each.params, readings).iter_rows(named=True):
            before = gravest.get(row["row"])
            if before is None or GRAVITY.index(row["verdict"]) > GRAVITY.index(before["verdict"]):
                gravest[row["row"]] = row
        return gravest


def _taken_for_kept(rule: Rule, answer: Clearance) -> list[str]:
    """What was assumed in the plan's favour, said aloud."""
    spec = rule.spec
    if not isinstance(spec, Require) or not spec.none_of or answer.contact[spec.attribute]:
        return []
    return [f"{spec.attribute} is taken not to be {' or '.join(spec.none_of)} ({rule.cite})"]
