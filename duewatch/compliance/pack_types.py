"""Rule packs as values: what a pack file holds, and the packs that are made of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, Union
from zoneinfo import available_timezones

from pydantic import Field, SkipValidation, model_validator
from pydantic.dataclasses import dataclass

from duewatch.compliance.rule_kinds import SPECS, Exceptions, Filter, Spec
from duewatch.contract.regions import plain
from duewatch.contract.toml_file import CHECKED, Day, FieldError, FilledText, Name, Text, YesNo, check_days

Grade = Literal["primary", "secondary", "memory"]
"""How a text was read: itself, what others wrote of it, or only remembered."""


@dataclass(frozen=True, config=CHECKED)
class Title:
    """A title in both languages."""

    en: FilledText
    zh: FilledText


@dataclass(frozen=True, kw_only=True, config=CHECKED)
class AppliesTo:
    """Whom and what a pack binds; an empty list: all."""

    actors: tuple[Name, ...] = ()
    """Kinds of lender (setting `lender_kind`)."""
    products: tuple[Name, ...] = ()
    debt_types: tuple[Name, ...] = ()
    note: Text = ""


@dataclass(frozen=True, kw_only=True, config=CHECKED)
class PackHead:
    """`[pack]`: one instrument."""

    id: Annotated[Text, Field(pattern=r"^[a-z]+(\.[a-z0-9_]+)?$")]
    version: FilledText
    title: Title
    jurisdiction: Annotated[Text, Field(pattern=r"^([A-Z]{2}|)$")]
    """ISO 3166; empty: the lender's own policy."""
    regions: tuple[Annotated[Text, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}(-[A-Z0-9]+)?$")], ...] = ()
    """ISO 3166-2 codes of the regions of the country; none: all. A town has its region's code and its own after it."""
    region_names: tuple[Name, ...] = ()
    """What a town is called, where ISO 3166-2 has no name for it."""
    region_zones: tuple[Name, ...] = ()
    """IANA time zones of the regions: a debtor of unknown region whose clocks are others is not there."""
    strength: Literal[
        "statute",
        "regulation",
        "presumption",
        "guidance",
        "recommended_standard",
        "self_regulation",
        "principle",
        "policy",
    ]
    read: Grade
    """How the text was read."""
    verified_on: Day
    """The day on which it was read."""
    source: FilledText
    """Where it stands."""
    effective_from: Day
    """First day in force."""
    effective_to: Day | None = None
    """Last day in force; none: open."""
    grace_until: Day | None = None
    """Breaches up to this day are told as within grace."""
    supersedes: Text = ""
    """The pack that it took the place of."""
    withdrawn: YesNo = False
    """Not in use unless named."""
    zones: Literal["all_candidates", "first"] = "first"
    """In which of a debtor's possible time zones hours must be kept."""
    applies_to: AppliesTo = AppliesTo()
    """Whom and what it binds."""

    @model_validator(mode="after")
    def _check_days(self) -> Self:
        check_days(self.effective_from, self.effective_to, self.grace_until)
        for region in self.regions:
            if not region.startswith(f"{self.jurisdiction}-"):
                next_step = f"give codes of ISO 3166-2 that begin with {self.jurisdiction}-"
                raise FieldError("regions", value=region, next_step=next_step)
        for zone in self.region_zones:
            if zone not in available_timezones():
                raise FieldError("region_zones", value=zone, next_step="give IANA names such as America/New_York")
        return self

    @property
    def place(self) -> str:
        """The jurisdiction as one code: US, or US-MA for a pack of one region; empty for the lender's own policy."""
        return self.regions[0] if self.regions else self.jurisdiction

    @property
    def title_en(self) -> str:
        return self.title.en

    @property
    def title_zh(self) -> str:
        return self.title.zh


@dataclass(frozen=True, kw_only=True, config=CHECKED)
class RuleHead:
    """`[[rule]]`: what rules of every kind have. What is left out is the pack's."""

    id: Annotated[Text, Field(pattern=r"^[a-z0-9_]+$")]
    title: Title
    """What a breach is called."""
    modality: Literal["must", "presumption", "should", "advised"]
    cite: FilledText
    """The clause."""
    read: Grade | None = None
    source: FilledText | None = None
    verified_on: Day | None = None
    effective_from: Day | None = None
    effective_to: Day | None = None
    grace_until: Day | None = None
    events: Filter = Filter()
    """The contacts that the rule judges."""
    exceptions: Annotated[Exceptions, Field(alias="except")] = Exceptions()
    """Those of them that it does not judge."""
    note: Text = ""


def _entry_type(kind: str, spec: type[Spec]) -> type[RuleHead]:
    """`[[rule]]` of one kind: the head, `kind` and the kind's own fields."""
    body = {"__annotations__": {"kind": Literal[kind]}, "__doc__": spec.__doc__, "__module__": __name__}
    entry: Any = type(f"{spec.__name__}Rule", (RuleHead, spec), body)
    checked: Any = dataclass(frozen=True, kw_only=True, config=CHECKED)(entry)
    return checked  # type: ignore[no-any-return]


if TYPE_CHECKING:
    RuleEntry = RuleHead
else:
    ENTRIES = tuple(_entry_type(kind, spec) for kind, spec in SPECS.items())
    RuleEntry = Annotated[Union[ENTRIES], Field(discriminator="kind")]  # noqa: UP007 - made of a tuple


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One dated version of a rule."""

    pack_id: str
    id: str
    """With the pack's in front."""
    kind: str
    title: Title
    modality: str
    cite: str
    read: str
    source: str
    verified_on: date
    effective_from: date
    effective_to: date | None = None
    grace_until: date | None = None
    events: Filter
    """The contacts that it judges."""
    excepted: Filter
    """Those of them that it does not judge."""
    spec: Spec
    """The fields of its kind."""
    text: str = ""
    """As it stands in the file (TOML)."""
    note: str = ""

    @property
    def title_en(self) -> str:
        return self.title.en

    @property
    def title_zh(self) -> str:
        return self.title.zh


@dataclass(frozen=True, kw_only=True, config=CHECKED)
class PackFile:
    """A pack file as it is written."""

    pack: PackHead
    rule: tuple[RuleEntry, ...] = ()
    """A rule may come again with other dates: a dated value. On one day only one of them holds."""

    @model_validator(mode="after")
    def _check_rules(self) -> Self:
        if not self.rule:
            raise FieldError("rule", what="the pack has no rule", next_step="write at least one [[rule]]")
        for number, entry in enumerate(self.rule):
            rule = self.rule_of(entry)
            try:
                check_days(rule.effective_from, rule.effective_to, rule.grace_until)
            except FieldError as error:
                raise error.inside("rule", number) from None
            if rule.read == "memory" and not self.pack.withdrawn:
                next_step = "give primary or secondary: what is only remembered is not in force"
                raise FieldError("rule", number, "read", value="memory", next_step=next_step)
        self._check_versions()
        return self

    def _check_versions(self) -> None:
        rules = [(self.rule_of(entry), number) for number, entry in enumerate(self.rule)]
        rules.sort(key=lambda item: (item[0].id, item[0].effective_from))
        for (before, _), (after, number) in pairwise(rules):
            is_over = before.effective_to is not None and before.effective_to < after.effective_from
            if before.id == after.id and not is_over:
                what = f"rule {after.id} stands there twice for {after.effective_from}"
                next_step = "give one of them another id, or dates that do not overlap"
                raise FieldError("rule", number, what=what, next_step=next_step)

    def rule_of(self, entry: RuleEntry, text: str = "") -> Rule:
        """The rule with what it takes from the pack. A version that began after the pack's grace period has none."""
        pack = self.pack
        start = entry.effective_from or pack.effective_from
        grace = pack.grace_until if pack.grace_until and pack.grace_until >= start else None
        kind: str = entry.kind  # type: ignore[attr-defined]
        spec = SPECS[kind]
        return Rule(
            pack_id=pack.id,
            id=f"{pack.id}.{entry.id}",
            kind=kind,
            title=entry.title,
            modality=entry.modality,
            cite=entry.cite,
            read=entry.read or pack.read,
            source=entry.source or pack.source,
            verified_on=entry.verified_on or pack.verified_on,
            effective_from=start,
            effective_to=entry.effective_to or pack.effective_to,
            grace_until=entry.grace_until or grace,
            events=entry.events,
            excepted=Filter(**dataclasses.asdict(entry.exceptions)),
            spec=spec(**{field.name: getattr(entry, field.name) for field in dataclasses.fields(spec)}),
            text=text,
            note=entry.note,
        )


@dataclass(frozen=True, kw_only=True)
class Pack(PackHead):
    """One instrument with its rules."""

    sha256: str
    """Of the file."""
    path: Path
    rules: SkipValidation[tuple[Rule, ...]]


def region_names(packs: Collection[Pack]) -> dict[str, str]:
    """Names of towns with a pack of their own, in the plain form, and their codes."""
    return {plain(name): pack.regions[0] for pack in packs for name in pack.region_names}
