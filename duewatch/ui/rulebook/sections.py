"""The rulebook page: rules on a day, one rule in full, what the packs do not cover."""

from __future__ import annotations

from datetime import date

import polars as pl
import streamlit as st

from duewatch.contract.i18n import Words, cited
from duewatch.contract.settings import load_settings
from duewatch.reads import compliance
from duewatch.ui.parts.period import rule_titles
from duewatch.ui.parts.table import draw_table_with_files
from duewatch.ui.parts.tiles import Tile
from duewatch.ui.shell.frame import PageContext

STATES = ("in_force", "in_grace", "not_yet", "ended")


ADVISORY = ("should", "advised")


def in_force(versions: pl.DataFrame) -> pl.DataFrame:
    return versions.filter(pl.col("rule_state").is_in(["in_force", "in_grace"]))


def headline(ctx: PageContext, versions: pl.DataFrame, day: date) -> str:
    holding = in_force(versions)
    return ctx.words(
        "headline.rulebook",
        n=holding["rule_id"].n_unique(),
        packs=holding["pack_id"].n_unique(),
        day=ctx.numbers.day(day),
        primary=holding.filter(pl.col("evidence_grade") == "primary").height,
    )


def rulebook_tiles(words: Words, versions: pl.DataFrame, day: date) -> list[Tile]:
    words, holding = words, in_force(versions)
    grade = pl.col("evidence_grade")
    advisory = holding.filter(pl.col("modality").is_in(ADVISORY)).height
    stale_after = load_settings().pack_stale_days
    due = holding.filter((pl.lit(day) - pl.col("verified_on")).dt.total_days() > stale_after).height
    grace = versions.filter(pl.col("rule_state") == "in_grace").height
    return [
        Tile("rules_in_force", str(holding.height), note=words("rulebook.grace", n=grace)),
        Tile(
            "rules_primary",
            str(holding.filter(grade == "primary").height),
            note=words("rulebook.due", n=due, days=stale_after),
        ),
        Tile("rules_advisory", str(advisory), note=words("rulebook.advisory_note")),
    ]


def rules_table(ctx: PageContext, versions: pl.DataFrame) -> None:
    """All dated versions with their state on the day."""
    words = ctx.words
    st.subheader(words("rulebook.rules"), anchor=False)
    states = [name for name in STATES if not versions.filter(pl.col("rule_state") == name).is_empty()]
    picked_states = st.multiselect(
        words("column.rule_state"),
        states,
        key="state",
        placeholder=words("pick.all"),
        format_func=lambda name: words(f"rule_state.{name}"),
    )
    rows = versions.filter(pl.col("rule_state").is_in(picked_states)) if picked_states else versions
    table = as_listed(words.language, rows)
    draw_table_with_files(ctx, table, metric="rules_in_force", title=words("rulebook.rules"))


def as_listed(language: str, versions: pl.DataFrame) -> pl.DataFrame:
    """Dated versions with their titles in one language."""
    return versions.select(
        "rule_state",
        pl.col(f"title_{language}").alias("rule_title"),
        pl.col(f"pack_title_{language}").alias("pack_title"),
        "jurisdiction",
        "strength",
        "modality",
        "limit_count",
        "effective_from",
        "effective_to",
        "grace_until",
        "evidence_grade",
        "verified_on",
        "cite",
        "rule_id",
        "pack_version",
    )


def one_rule(words: Words, versions: pl.DataFrame) -> None:
    """A rule as it is written, its source as text (nothing is fetched), with its other versions."""
    st.subheader(words("rulebook.one"), anchor=False)
    titles = rule_titles(words, versions)
    rule = st.selectbox(
        words("period.rule"), list(titles), format_func=titles.__getitem__, key="rule", bind="query-params"
    )
    for row in versions.filter(pl.col("rule_id") == rule).iter_rows(named=True):
        until = row["effective_to"] or words("rulebook.open")
        st.markdown(
            words(
                "rulebook.version",
                cite=cited(words, row["cite"]),
                first=row["effective_from"],
                last=until,
                state=words(f"rule_state.{row['rule_state']}"),
                modality=words(f"modality.{row['modality']}"),
                strength=words(f"strength.{row['strength']}"),
                grade=words(f"evidence_grade.{row['evidence_grade']}"),
                verified=row["verified_on"],
            )
        )
        st.text(f"{words('rulebook.source')}: {cited(words, row['source'])}")
        st.code(row["rule_text"], language="toml", wrap_lines=True)


def unplaced(ctx: PageContext) -> None:
    """Accounts for which a rule of one state or province cannot be placed."""
    words = ctx.words
    st.subheader(words("rulebook.unplaced"), anchor=False)
    rows = compliance.accounts_without_region(ctx.ask)
    if rows.is_empty():
        st.caption(words("rulebook.unplaced_none"))
        return
    st.markdown(words("rulebook.unplaced_told", n=ctx.numbers.count(rows.height)))
    with st.expander(words("rulebook.unplaced_rows")):
        draw_table_with_files(ctx, rows, metric="rules_in_force", title=words("rulebook.unplaced"))
