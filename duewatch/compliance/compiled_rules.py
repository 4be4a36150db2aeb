"""A rule of a pack as a query of `queries/compliance/` and its parameters: the law's words as values, no SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.numbers import get_territory_currencies

from duewatch.compliance.pack_types import Pack, Rule
from duewatch.compliance.rule_kinds import (
    AllowedHours,
    Consent,
    CountCap,
    Filter,
    ForbidWhen,
    PartyRule,
    Precedence,
    QuietAfter,
    Require,
    RespectPreferences,
    Window,
)
from duewatch.contract.countries import known_name
from duewatch.contract.settings import Settings
from duewatch.engines import Scalar

FOREVER = date(9999, 12, 31)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")
ATTRIBUTES = ("channel", "direction", "outcome", "style", "purpose", "role", "place", "caller")
Values = dict[str, Scalar]
Place = tuple[str | None, str]
"""Countries of a contact, as |CN|US| (none where not known), and its currency."""
EARLIER = ("threads", "wrong_numbers", "talks")
"""A thread counts once, a number once wrong is nobody's, a talk may end a consent."""
INBOUND, DEBTORS = "inbound", "debtors"
"""A quiet period may begin with a contact that the rule does not judge: older ones tell whether it judges any."""


def currencies_of(country: str) -> tuple[str, ...]:
    """Money of a country; none for the lender's own policy."""
    return tuple(get_territory_currencies(country)) if country else ()


@dataclass(frozen=True)
class Compiled:
    """One dated version of a rule, ready to run: `query` names the file, `params` fill it completely."""

    pack: Pack
    rule: Rule
    query: str
    params: Values

    def may_concern(self, places: Iterable[Place]) -> bool:
        """Whether the rule's country can be that of any contact in these places, as covered_contacts.sql has it."""
        country, currencies = str(self.params["country"]), str(self.params["currencies"]).split(",")
        return not country or any(
            f"|{country}|" in countries if countries else currency in currencies for countries, currency in places
        )

    @property
    def needs_earlier(self) -> frozenset[str]:
        """Which contacts from before its window or period may decide about one inside it: EARLIER, INBOUND, DEBTORS."""
        flags = ("collapse_threads", "drop_misdirected", "consent_ends_on_conversation")
        needed = {what for what, name in zip(EARLIER, flags, strict=True) if self.params.get(name)}
        if self.rule.kind == "quiet_after":
            unmatched = [name for name in ATTRIBUTES if not self._begins_within(name)]
            needed |= {INBOUND} if unmatched == ["direction"] else {DEBTORS} if unmatched else set()
        return frozenset(needed)

    def _begins_within(self, attribute: str) -> bool:
        """Whether whatever begins the quiet period has, of this attribute, a value that the rule judges."""
        trigger_values, rule_values = (str(self.params[f"{prefix}{attribute}s"]) for prefix in ("other_", ""))
        return not rule_values or bool(trigger_values and set(trigger_values.split(",")) <= set(rule_values.split(",")))


def compile_pack(pack: Pack, settings: Settings, *, known_then: bool = False) -> list[Compiled]:
    """Every dated version of every rule of a pack."""
    return [_compile_rule(pack, rule, settings, known_then) for rule in pack.rules]


def _compile_rule(pack: Pack, rule: Rule, settings: Settings, known_then: bool) -> Compiled:
    params = _applies(pack, rule, settings) | _filter("", rule.events) | _excepted(rule.excepted) | _nothing_special()
    params |= {"known_then": known_then}
    params |= _kind(pack, rule)
    return Compiled(pack, rule, f"compliance/{rule.kind}", params)


def _applies(pack: Pack, rule: Rule, settings: Settings) -> Values:
    """Whom the rule is for. Own staff are left out only where the settings say what the lender is and the pack does
    not name it: until then a rule is taken to apply."""
    actors = pack.applies_to.actors
    own_staff_too = not actors or not settings.lender_kind or settings.lender_kind in actors
    return {
        "country": pack.jurisdiction,
        "currencies": _comma_list(currencies_of(pack.jurisdiction)),
        "regions": _comma_list(pack.regions),
        "regions_within": _comma_list(region.rpartition("-")[0] for region in pack.regions if region.count("-") > 1),
        "region_zones": _comma_list(map(known_name, pack.region_zones)),
        "agencies_only": not own_staff_too,
        "products": _comma_list(pack.applies_to.products),
        "debt_types": _comma_list(pack.applies_to.debt_types),
        "valid_from": rule.effective_from,
        "valid_to": rule.effective_to or FOREVER,
    }


def _nothing_special() -> Values:
    return {
        "scope": "debt",
        "multi_debt": "own",
        "drop_misdirected": False,
        "collapse_threads": False,
        "consent_flag": "",
        "consent_days": 0,
        "consent_ends_on_conversation": False,
        "agreed_flag": "",
        "agreed_per": "",
        "ring_seconds": 0,
    }


def _filter(prefix: str, chosen: Filter) -> Values:
    return {f"{prefix}{name}s": _comma_list(getattr(chosen, name)) for name in ATTRIBUTES}


def _excepted(chosen: Filter) -> Values:
    return {f"except_{name}s": _comma_list(getattr(chosen, name)) for name in ("outcome", "purpose", "role")}


def _kind(pack: Pack, rule: Rule) -> Values:
    spec = rule.spec
    if isinstance(spec, CountCap):
        return _count_cap(spec)
    if isinstance(spec, QuietAfter):
        return _quiet_after(spec)
    if isinstance(spec, AllowedHours):
        return _allowed_hours(spec, pack.zones)
    if isinstance(spec, PartyRule):
        return {
            "allow_roles": _comma_list(spec.allow_roles),
            "deny_roles": _comma_list(spec.deny_roles),
            "unless_flags": _comma_list(spec.unless.flags),
            "unless_purposes": _comma_list(spec.unless.purposes),
            "permit_flags": _comma_list(spec.consent_flags),
            "stop_flags": _comma_list(spec.stop_flags),
        }
    if isinstance(spec, ForbidWhen):
        return {"flags": _comma_list(spec.flags), "grace_hours": spec.grace_hours, "max_days": spec.max_days}
    if isinstance(spec, Precedence):
        counts = {"min_count": spec.min_count, "within_days": spec.within_days, "min_age_days": spec.min_age_days}
        return {"scope": _comma_list(spec.scope), **_filter("other_", spec.requires), **counts}
    if isinstance(spec, RespectPreferences):
        return {"preference": spec.preference}
    assert isinstance(spec, Require)
    return {
        "attribute": spec.attribute,
        "one_of": _comma_list(spec.one_of),
        "none_of": _comma_list(spec.none_of),
        "at_most_hours": spec.at_most_hours or 0,
    }


def _count_cap(spec: CountCap) -> Values:
    return {
        "max_count": spec.max,
        "window_unit": unit_of(spec.window, "trailing"),
        "window_days": spec.window.length,
        "explain_all": False,
        "scope": _comma_list(spec.scope),
        "multi_debt": spec.multi_debt,
        "collapse_threads": spec.collapse == "thread",
        "drop_misdirected": spec.drop_misdirected,
        "agreed_flag": spec.agreed,
        "agreed_per": _per(spec.window),
        "ring_seconds": spec.ring_seconds,
        **_consent(spec.consent),
    }


def _quiet_after(spec: QuietAfter) -> Values:
    return {
        **_filter("other_", spec.trigger),
        "period_unit": unit_of(spec.period, "dates"),
        "period_length": spec.period.length,
        "different_channel": spec.different_channel,
        "scope": _comma_list(spec.scope),
        "multi_debt": spec.multi_debt,
        "drop_misdirected": spec.drop_misdirected,
        **_consent(spec.consent),
    }


def _allowed_hours(spec: AllowedHours, zones: str) -> Values:
    values: Values = {
        "holiday_calendar": spec.holiday_calendar,
        "end_inclusive": spec.end_inclusive,
        "all_zones": zones == "all_candidates",
        "agreed_hours": spec.agreed,
        "off_when_days_past_due_over": spec.off_when.days_past_due_over,
        "work_from": spec.at_work.partition("-")[0],
        "work_to": spec.at_work.partition("-")[2],
    }
    for day in DAYS:
        opens, _, closes = spec.hours.get(day, "").partition("-")
        values |= {f"{day}_from": opens, f"{day}_to": closes}
    return values


def _per(window: Window) -> str:
    """For what an agreed number must be to take the place of a limit in this window."""
    if window.unit == "local_date":
        return {1: "day", 7: "week", 30: "month"}.get(window.length, "")
    return window.unit


def unit_of(window: Window, trailing: str) -> str:
    """The window as one word of the query: dates in a row, or a period of the calendar."""
    if window.unit == "local_date":
        return trailing
    return "week_from_sunday" if window.unit == "week" and window.week_start == "sun" else window.unit


def _consent(consent: Consent | None) -> Values:
    if consent is None:
        return {}
    return {
        "consent_flag": consent.flag,
        "consent_days": consent.days,
        "consent_ends_on_conversation": consent.ends_on_conversation,
    }


def _comma_list(values: Iterable[str]) -> str:
    return ",".join(values)
