"""The period a compliance page speaks of, kept in the address, and the rule or pack it is limited to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
import streamlit as st

from duewatch.contract.i18n import Words
from duewatch.reads import compliance
from duewatch.ui.parts.figures import empty
from duewatch.ui.shell.frame import PageContext

DEFAULT_DAYS = 30


@dataclass(frozen=True)
class Period:
    """Local days, both included."""

    start: date
    end: date

    @property
    def n_days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def before(self) -> Period:
        """As many days directly before."""
        return Period(self.start - timedelta(days=self.n_days), self.start - timedelta(days=1))


@dataclass(frozen=True)
class RulePick:
    """Pack and rule ids, or all."""

    pack: str = "all"
    rule: str = "all"


def pick_period(ctx: PageContext) -> Period:
    """From and to; by default from the snapshot before to the as-of day. Stops the page where no contact has a local
    day, or where the days are reversed."""
    log_days = compliance.judged_days(ctx.ask).row(0, named=True)
    if log_days["last_day"] is None:
        empty(ctx.words("guard.no_contacts"))
        st.stop()
    default = default_period(ctx, log_days["first_day"], log_days["last_day"])
    follow_default("from", default.start)
    follow_default("to", default.end)
    start = st.date_input(ctx.words("period.from"), default.start, key="from", bind="query-params", format="YYYY-MM-DD")
    end = st.date_input(ctx.words("period.to"), default.end, key="to", bind="query-params", format="YYYY-MM-DD")
    if not isinstance(start, date) or not isinstance(end, date) or start > end:
        empty(ctx.words("guard.period_reversed"))
        st.stop()
    return Period(start, end)


def follow_default(key: str, default: date) -> None:
    """Call it before a date is drawn: a date that the person left at the default follows a new default; one that they
    picked stays. Streamlit alone would keep both."""
    before = st.session_state.get(f"_usual_{key}")
    if before not in (None, default) and st.session_state.get(key) == before:
        st.session_state[key] = default
    st.session_state[f"_usual_{key}"] = default


def default_period(ctx: PageContext, first: date, last: date) -> Period:
    """The days since the snapshot before the as-of day; without one, the last 30 days of the log."""
    end = min(ctx.picks.as_of or last, last)
    previous = ctx.day_before(ctx.picks.as_of)
    start = previous + timedelta(days=1) if previous else end - timedelta(days=DEFAULT_DAYS - 1)
    return Period(max(min(start, end), first), end)


def pick_rule(words: Words, rules: pl.DataFrame) -> RulePick:
    """A pack and one of its rules. `rules`: rules_on_day."""
    packs = rules["pack_id"].unique(maintain_order=True).to_list()
    titles = pack_titles(words, rules)
    pack = st.selectbox(
        words("period.pack"),
        ["all", *packs],
        key="pack",
        bind="query-params",
        format_func=lambda name: words("period.all_packs") if name == "all" else titles[name],
    )
    in_pack = rules if pack == "all" else rules.filter(pl.col("pack_id") == pack)
    rule_names = rule_titles(words, in_pack)
    rule = st.selectbox(
        words("period.rule"),
        ["all", *rule_names],
        key="rule",
        bind="query-params",
        format_func=lambda name: words("period.all_rules") if name == "all" else rule_names[name],
    )
    return RulePick(pack, rule)


def pack_titles(words: Words, rules: pl.DataFrame) -> dict[str, str]:
    return dict(zip(rules["pack_id"].to_list(), rules[f"pack_title_{words.language}"].to_list(), strict=True))


def rule_titles(words: Words, rules: pl.DataFrame) -> dict[str, str]:
    """Rule id to its title in the reader's language, with the pack it is from."""
    titles = rules[f"title_{words.language}"].to_list()
    return {
        rule: f"{title} ({pack})"
        for rule, pack, title in zip(rules["rule_id"].to_list(), rules["pack_id"].to_list(), titles, strict=True)
    }
