"""Runs every rule over planned contacts, which stand in the tables beside the contacts that count with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from duewatch.compliance.clearance_answer import Clearance, Objection
from duewatch.compliance.compiled_rules import Compiled
from duewatch.compliance.pack_types import Rule
from duewatch.compliance.plan_assumptions import every_channel
from duewatch.compliance.rule_kinds import Require
from duewatch.engines.planned_contacts import PlannedContactTables
from duewatch.engines.query_files import query_file

GRAVITY = ("exempt", "ok", "unknown", "breach")
VerdictByRow = dict[int, Mapping[str, Any]]
"""A rule's verdict by row of the plan."""


def no_progress(_: float) -> None:
    """Reports no progress."""


class Trial:
    def __init__(self, tables: PlannedContactTables, rules: Sequence[Compiled]) -> None:
        self.tables, self.rules = tables, rules

    def judge(
        self,
        answers: Sequence[Clearance],
        counted: Sequence[Clearance],
        progress: Callable[[float], None] = no_progress,
    ) -> None:
        """Writes every rule's objections into `answers`. `counted` holds the answers and all else that counts towards
        a limit. `progress` is called with the share of the rules that have run."""
        self._lay_out(answers, counted)
        for answer in answers:
            answer.objections, answer.notes = [], []
            answer.asked, answer.unplaced, answer.by_law = set(), set(), False
        channels = {answer.contact["channel"] for answer in answers}
        for number, compiled_rule in enumerate(self.rules):
            progress(number / len(self.rules))
            if compiled_rule.rule.events.channel and channels.isdisjoint(compiled_rule.rule.events.channel):
                continue
            verdicts = self._gravest_verdicts(compiled_rule, every_channel(compiled_rule.rule))
            for answer in answers:
                verdict = verdicts.get(answer.contact.row)
                if verdict:
                    answer.note_verdict(compiled_rule, verdict["verdict"])
                if verdict and verdict["verdict"] in ("breach", "unknown"):
                    answer.objections.append(Objection(compiled_rule, verdict))
                elif verdict and verdict["verdict"] == "ok":
                    answer.notes += _assumption_notes(compiled_rule.rule, answer)

    def verdicts_with(
        self,
        compiled_rule: Compiled,
        answers: Sequence[Clearance],
        counted: Sequence[Clearance],
        readings: Sequence[tuple[str, ...]],
    ) -> VerdictByRow:
        """One rule's verdicts with other readings than its own."""
        self._lay_out(answers, counted)
        return self._gravest_verdicts(compiled_rule, readings)

    def _lay_out(self, answers: Sequence[Clearance], counted: Sequence[Clearance]) -> None:
        rows = {answer.contact.row for answer in answers}
        self.tables.lay(
            [(a.contact.row, *a.placement.local, a.contact.row in rows) for a in counted],
            [(a.contact.row, *zone) for a in counted for zone in a.placement.other_zones],
        )

    def _gravest_verdicts(self, compiled_rule: Compiled, readings: Sequence[tuple[str, ...]]) -> VerdictByRow:
        """The gravest verdict of each row, where it counts to several debts."""
        gravest: VerdictByRow = {}
        for row in self.tables.verdicts(query_file(compiled_rule.query), compiled_rule.params, readings).iter_rows(
            named=True
        ):
            before = gravest.get(row["row"])
            if before is None or GRAVITY.index(row["verdict"]) > GRAVITY.index(before["verdict"]):
                gravest[row["row"]] = row
        return gravest


def _assumption_notes(rule: Rule, answer: Clearance) -> list[str]:
    """What was assumed in favour of the plan, as sentences."""
    spec = rule.spec
    if not isinstance(spec, Require) or not spec.none_of or answer.contact[spec.attribute]:
        return []
    return [f"{spec.attribute} is taken not to be {' or '.join(spec.none_of)} ({rule.cite})"]
