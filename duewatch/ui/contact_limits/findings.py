"""The findings behind a number, one of them in full, and the state of the log they rest on."""

from __future__ import annotations

import polars as pl
import streamlit as st

from duewatch.charts.timeline import finding_timeline
from duewatch.contract.i18n import Words, cited
from duewatch.contract.schema import CHANNELS
from duewatch.evidence import Choice
from duewatch.reads import compliance
from duewatch.ui.contact_limits.evidence import offer_evidence
from duewatch.ui.contact_limits.summary import Row
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.code_labels import reason_text
from duewatch.ui.parts.figures import draw
from duewatch.ui.parts.period import Period, RulePick
from duewatch.ui.parts.review import review
from duewatch.ui.parts.table import draw_table
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext

PICKED_FROM = 500
"""Findings offered in the picker; the table holds all."""


def findings(
    ctx: PageContext, rules: pl.DataFrame, in_force: pl.DataFrame, period: Period, pick: RulePick, kind: str
) -> None:
    """The findings of the period as a table, then the one picked."""
    words = ctx.words
    st.subheader(words("limits.rows"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        verdict = one_of(words, "limits.verdict", {"breach": "verdict.breach", "unknown": "verdict.unknown"}, "verdict")
        group = _pick_group(ctx, period, pick, kind)
    rows = compliance.finding_rows(
        ctx.ask,
        verdict=verdict,
        grouping_by=kind,
        group_name=group,
        from_date=period.start,
        to_date=period.end,
        pack_id=pick.pack,
        rule_id=pick.rule,
    )
    if rows.is_empty():
        st.caption(words("limits.no_rows"))
        return
    _show_total(ctx, rows, rules, verdict, group)
    draw_table(ctx, rows.drop("finding_key", "verdict", "pack_version"), alt=words("limits.rows"))
    metric = "breach_contacts" if verdict == "breach" else "not_assessable"
    offer(ctx, Export(rows, metric=metric, title=f"{words('limits.rows')}: {words(f'verdict.{verdict}')}"))
    key = _one_finding(ctx, rows, in_force)
    offer_evidence(ctx, _evidence_choices(rules, period, pick, verdict, group, key))


def _evidence_choices(
    rules: pl.DataFrame, period: Period, pick: RulePick, verdict: str, group: str, key: str
) -> dict[str, Choice]:
    """The picked finding; and all rows of the table, unless a group is picked: a pack cannot be cut by group."""
    picked_finding = {"evidence.one": Choice(finding_keys=(key,), verdict="all")}
    if group != "all":
        return picked_finding
    rule_ids = rules["rule_id"].to_list() if (pick.pack, pick.rule) != ("all", "all") else []
    all_rows = Choice(tuple(rule_ids), from_date=period.start, to_date=period.end, verdict=verdict)
    return {**picked_finding, "evidence.every_row": all_rows}


def _pick_group(ctx: PageContext, period: Period, pick: RulePick, kind: str) -> str:
    groups = compliance.breaches_by_group(
        ctx.ask, grouping_by=kind, from_date=period.start, to_date=period.end, pack_id=pick.pack, rule_id=pick.rule
    )
    names = {name or "": name or ctx.words(f"limits.none_{kind}") for name in groups["group_name"].to_list()}
    options = {"all": ctx.words("limits.everyone"), **names}
    group: str = st.selectbox(
        ctx.words(f"limits.by_{kind}"), list(options), format_func=options.__getitem__, key="group"
    )
    return group


def _show_total(ctx: PageContext, rows: pl.DataFrame, rules: pl.DataFrame, verdict: str, group: str) -> None:
    """The rows must be as many as the number by rule that they stand behind."""
    expected = int(rules[f"n_{verdict}"].sum())
    n = ctx.numbers.count(rows.height)
    if group == "all" and rows.height != expected:
        st.error(ctx.words("guard.not_equal", rows=n, number=ctx.numbers.count(expected)))
    else:
        st.markdown(ctx.words("limits.rows_total" if group == "all" else "limits.rows_part", n=n))


def _one_finding(ctx: PageContext, findings: pl.DataFrame, in_force: pl.DataFrame) -> str:
    """Draws it and gives its key."""
    words = ctx.words
    st.subheader(words("limits.one"), anchor=False)
    titles = dict(zip(in_force["rule_id"].to_list(), in_force[f"title_{words.language}"].to_list(), strict=True))
    rows = {row["finding_key"]: row for row in findings.head(PICKED_FROM).iter_rows(named=True)}
    key = st.selectbox(
        words("limits.pick"),
        list(rows),
        key="finding",
        bind="query-params",
        format_func=lambda name: _label(rows[name], titles),
    )
    if findings.height > PICKED_FROM:
        st.caption(words("limits.pick_some", n=PICKED_FROM, all=ctx.numbers.count(findings.height)))
    row = rows[key]
    proof = compliance.finding_contacts(ctx.ask, finding_key=key)
    figure = finding_timeline(
        proof,
        ctx.labels(proof_sentence(words, row, titles)),
        limit=row["limit_count"],
        names={**{code: words(f"channel.{code}") for code in CHANNELS}, "window": words("limits.window")},
    )
    draw(ctx, figure, "timeline")
    _clause(ctx.words, row, in_force)
    counted = proof.filter("is_counted")
    if row["counted"] is not None and counted.height < row["counted"]:
        st.warning(words("limits.out_of_scope", n=row["counted"] - counted.height), icon=":material/visibility_off:")
    draw_table(ctx, counted.drop("is_counted", "is_judged", "started_at"), alt=words("limits.proof"))
    offer(ctx, Export(counted, metric="breach_contacts", title=f"{words('limits.proof')}: {key}"))
    review(ctx, key)
    return str(key)


def _label(row: Row, titles: dict[str, str]) -> str:
    when = f"{row['local_date']} {(row['local_time'] or '')[:5]}".strip()
    return f"{when} · {titles.get(row['rule_id'], row['rule_id'])} · {row['debtor_id']} · {row['contact_id']}"


def proof_sentence(words: Words, row: Row, titles: dict[str, str]) -> str:
    """What one finding says, no stronger than its rule."""
    verdict = words(f"breach_as.{row['modality']}") if row["verdict"] == "breach" else words("verdict.unknown")
    return words(
        "limits.proof_sentence",
        rule=titles.get(row["rule_id"], row["rule_id"]),
        told=verdict,
        why=reason_text(words, row),
    )


def _clause(words: Words, row: Row, in_force: pl.DataFrame) -> None:
    """The clause as it stood on the day, its version, source and how well it is confirmed."""
    versions = in_force.filter(
        (pl.col("rule_id") == row["rule_id"])
        & (pl.col("effective_from") <= row["local_date"])
        & (pl.col("effective_to").is_null() | (pl.col("effective_to") >= row["local_date"]))
    )
    if versions.is_empty():
        return
    rule = versions.row(0, named=True)
    st.markdown(
        words(
            "limits.clause",
            cite=cited(words, row["cite"]),
            version=row["pack_version"],
            source=cited(words, rule["source"]),
            grade=words(f"evidence_grade.{rule['evidence_grade']}"),
            verified=rule["verified_on"],
            since=rule["effective_from"],
        )
    )
    st.caption(
        words(
            "limits.made_by",
            collector=row["collector_id"] or "—",
            team=row["team"] or "—",
            agency=row["agency_id"] or words("limits.none_agency"),
            before=row["n_before"],
        )
    )
    with st.expander(words("limits.rule_text")):
        st.code(rule["rule_text"], language="toml")


def log_state(ctx: PageContext, gaps: pl.DataFrame, period: Period, threshold: float) -> None:
    """How complete the log is that the verdicts rest on."""
    words = ctx.words
    st.subheader(words("limits.log"), anchor=False)
    complete = gaps.filter(pl.col("gap") == "complete").row(0, named=True)
    values = {
        "share": ctx.numbers.percent(complete["share"]),
        "n": ctx.numbers.count(complete["n_contacts"]),
        "all": ctx.numbers.count(complete["n_all"]),
        "threshold": ctx.numbers.percent(threshold),
    }
    is_low = complete["share"] is not None and complete["share"] < threshold
    st.markdown(words("limits.log_low" if is_low else "limits.log_good", **values))
    draw_table(ctx, gaps.filter(pl.col("gap") != "complete"), alt=words("limits.log"))
    gaps_found = [row["gap"] for row in gaps.iter_rows(named=True) if row["gap"] != "complete" and row["n_contacts"]]
    if not gaps_found:
        return
    with st.expander(words("limits.log_rows")):
        gap = st.selectbox(words("column.gap"), gaps_found, format_func=lambda name: words(f"gap.{name}"), key="gap")
        rows = compliance.log_faults(ctx.ask, gap=gap, from_date=period.start, to_date=period.end)
        st.caption(words("rows.total_rows", n=ctx.numbers.count(rows.height)))
        draw_table(ctx, rows, alt=words("limits.log_rows"))
        offer(ctx, Export(rows, metric="log_complete", title=f"{words('limits.log')}: {words(f'gap.{gap}')}"))
