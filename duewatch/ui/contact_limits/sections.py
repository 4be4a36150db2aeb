"""Sections of the Contact limits page: by rule, by who, over time, by hour, by debtor."""

from __future__ import annotations

from textwrap import wrap

import polars as pl
import streamlit as st

from duewatch.charts.concentration import GROUPS, concentration_bars
from duewatch.charts.u_chart import u_chart
from duewatch.charts.verdicts import verdict_bars
from duewatch.charts.week_grid import hours_heat
from duewatch.contract.i18n import Words
from duewatch.reads import compliance
from duewatch.ui.contact_limits import summary as limits
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.code_labels import WEEKDAYS
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.period import Period, RulePick
from duewatch.ui.parts.table import draw_table, draw_table_with_files
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext

RULES_DRAWN = 12


def by_rule(ctx: PageContext, rules: pl.DataFrame, period: Period, pick: RulePick) -> None:
    """All four verdicts of each rule; the rules with the most breaches are drawn."""
    words = ctx.words
    st.subheader(words("limits.rules"), anchor=False)
    drawn = rules.filter((pl.col("n_breach") > 0) | (pl.col("n_unknown") > 0)).head(RULES_DRAWN)
    if not drawn.is_empty():
        figure = verdict_bars(
            drawn,
            ctx.labels(limits.rules_finding(words, rules)),
            titles=[_short_title(ctx.words, row) for row in drawn.iter_rows(named=True)],
            count=ctx.numbers.short,
            names={"n_breach": words("limits.axis_breach"), "n_unknown": words("limits.axis_unknown")},
        )
        draw(ctx, figure, "rules")
    title = f"title_{words.language}"
    table = rules.select(
        "rule_id",
        pl.col(title).alias("rule_title"),
        "modality",
        "evidence_grade",
        "n_breach",
        "n_unknown",
        "n_exempt",
        "n_ok",
        "n_judged",
        "n_undated",
        "cite",
    )
    with st.expander(words("limits.rules_table", n=rules.height)):
        draw_table_with_files(ctx, table, metric="verdicts", title=words("limits.rules"))
        reasons = compliance.verdict_reasons(
            ctx.ask, from_date=period.start, to_date=period.end, pack_id=pick.pack, rule_id=pick.rule
        )
        st.markdown(f"**{words('limits.reasons')}**")
        draw_table(ctx, reasons, alt=words("limits.reasons"))
    undated = max(rules["n_undated"].to_list(), default=0)
    if undated:
        st.caption(words("limits.undated", n=ctx.numbers.count(undated)))


def _short_title(words: Words, row: limits.Row) -> str:
    """Wrapped after some 34 signs, the rule's id below, so that a phone shows it whole."""
    width = 34 if words.language == "en" else 16
    return "<br>".join([*wrap(str(row[f"title_{words.language}"]), width), str(row["rule_id"])])


def by_who(ctx: PageContext, period: Period, pick: RulePick) -> str:
    """Teams, channels or agencies; returns which, for the rows below."""
    words = ctx.words
    st.subheader(words("limits.who"), anchor=False)
    kinds = {name: f"limits.by_{name}" for name in ("team", "channel", "agency")}
    kind = one_of(words, "limits.by", kinds, "by")
    groups = compliance.breaches_by_group(
        ctx.ask, grouping_by=kind, from_date=period.start, to_date=period.end, pack_id=pick.pack, rule_id=pick.rule
    )
    table = groups.drop("breach_squares").with_columns(
        pl.col("group_name").fill_null(words(f"limits.none_{kind}")),
        pl.Series(
            "against_rest",
            [words(f"limits.{comparison}") for comparison in limits.against_rest(groups, kind)],
            pl.String,
        ),
    )
    verdict_beside = ("group_name", "against_rest")
    draw_table(ctx, table.select(*verdict_beside, pl.exclude(*verdict_beside)), alt=words("limits.who"))
    offer(ctx, Export(table, metric="breach_rate", title=f"{words('limits.who')}: {words(kinds[kind])}"))
    st.caption(words("limits.who_note"))
    return kind


def over_time(ctx: PageContext, period: Period, pick: RulePick) -> None:
    words = ctx.words
    st.subheader(words("limits.chart"), anchor=False)
    by_day = compliance.breaches_by_day(
        ctx.ask, from_date=period.start, to_date=period.end, pack_id=pick.pack, rule_id=pick.rule
    )
    if by_day.height < 2:
        empty(words("guard.too_few_days"))
        return
    figure = u_chart(
        by_day,
        ctx.labels(limits.chart_finding(words, by_day), y=words("limits.chart_axis")),
        rate=lambda share: limits.per_thousand(ctx.numbers, share),
        names={"mean": words("limits.chart_mean"), "limit": words("limits.chart_limit")},
    )
    draw(ctx, figure, "days")
    st.caption(words("limits.chart_note"))
    with st.expander(words("limits.day_table", n=by_day.height)):
        draw_table_with_files(ctx, by_day, metric="breach_rate", title=words("limits.chart"))


def by_hour(
    ctx: PageContext, count: limits.BreachCount, rules: pl.DataFrame, in_force: pl.DataFrame, period: Period
) -> None:
    """The hours of contact against the hours rule that judged the most contacts."""
    words = ctx.words
    st.subheader(words("limits.hours"), anchor=False)
    hours = compliance.contact_hours(ctx.ask, from_date=period.start, to_date=period.end)
    if hours.is_empty():
        empty(words("guard.no_contacts"))
        return
    of_hours = rules.filter(pl.col("kind") == "allowed_hours").sort("n_judged", descending=True)
    rule = of_hours.row(0, named=True) if not of_hours.is_empty() else None
    text = in_force.filter(pl.col("rule_id") == rule["rule_id"])["rule_text"][-1] if rule else ""
    figure = hours_heat(
        hours,
        ctx.labels(
            limits.hours_finding(words, count, hours, rule[f"title_{words.language}"] if rule else ""),
            x=words("limits.hours_axis"),
        ),
        allowed=limits.allowed_hours(text),
        weekdays=[words(f"weekday.{day}") for day in WEEKDAYS],
        count=ctx.numbers.short,
    )
    draw(ctx, figure, "hours")
    st.caption(words("limits.hours_note"))
    with st.expander(words("limits.hours_table")):
        draw_table_with_files(ctx, hours, metric="contact_hours", title=words("limits.hours"))


def by_debtor(ctx: PageContext, period: Period) -> None:
    words = ctx.words
    st.subheader(words("limits.concentration"), anchor=False)
    per_debtor = compliance.contacts_per_debtor(ctx.ask, from_date=period.start, to_date=period.end)
    if per_debtor.is_empty():
        empty(words("guard.no_contacts"))
        return
    names = {name: words(f"limits.group_{name}") for name, _ in GROUPS}
    names |= {"contacts": words("limits.of_contacts"), "debtors": words("limits.of_debtors")}
    figure = concentration_bars(
        per_debtor["n_contacts"].to_list(),
        ctx.labels(limits.concentration_finding(words, ctx.numbers, per_debtor), x=words("limits.concentration_axis")),
        names=names,
        percent=lambda share: ctx.numbers.percent(share, digits=0),
    )
    draw(ctx, figure, "concentration")
    with st.expander(words("limits.concentration_table", n=ctx.numbers.count(per_debtor.height))):
        draw_table_with_files(ctx, per_debtor, metric="contact_concentration", title=words("limits.concentration"))
