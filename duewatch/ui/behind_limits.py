"""What the tiles of the compliance pages and of Data health open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from duewatch.compliance.headroom import strictest
from duewatch.reads import compliance, data
from duewatch.reads import explore as units
from duewatch.reads import process as process_reads
from duewatch.ui.data_health.summary import Loaded
from duewatch.ui.headroom import sections as headroom
from duewatch.ui.parts.drill_down import EACH, Behind
from duewatch.ui.parts.period import Period
from duewatch.ui.rulebook import sections as rulebook
from duewatch.ui.shell.frame import Ctx

Opens = dict[str, Behind]
Row = Mapping[str, Any]
CONTACT = ("account_id", "unit_id", "unit_on", "product", "branch", "channel", "team", "collector_id")


def limits(ctx: Ctx, period: Period, given: Mapping[str, str], now: Row, breaches: pl.DataFrame) -> Opens:
    """`now`: breach_rates; `given`: pack_id and rule_id; `breaches`: finding_rows of the same."""
    days: dict[str, Any] = {"from_date": period.start, "to_date": period.end, **given}

    def judged() -> pl.DataFrame:
        found = units.breach_units(ctx.ask, **days).sort("numerator", "unit_on", descending=True)
        return found.select(*CONTACT, pl.col("numerator", "denominator").cast(pl.Int64))

    def unsure() -> pl.DataFrame:
        found = compliance.finding_rows(ctx.ask, verdict="unknown", **days)
        blind = found.join(breaches.select("contact_id"), on="contact_id", how="anti")
        return _each(blind, "contact_id", "account_id", "channel", "team")

    return {
        "breach_contacts": Behind(lambda: judged().filter(pl.col("numerator") > 0), now["n_breaching"]),
        "breach_rate": Behind(judged, now["rate"], "numerator", "denominator"),
        "breach_debtors": Behind(lambda: _each(breaches, "debtor_id", "account_id"), now["n_debtors_breached"]),
        "not_assessable": Behind(unsure, now["n_unknown"]),
    }


def _each(findings: pl.DataFrame, key: str, *told: str) -> pl.DataFrame:
    """One row a contact or debtor with how many findings there are, the most first."""
    columns = [pl.col(name).first() for name in told]
    found = findings.group_by(key).agg(*columns, pl.len().cast(pl.Int64).alias("n_findings"))
    return found.sort("n_findings", key, descending=[True, False])


def log(ctx: Ctx, period: Period, share: float | None) -> Behind:
    """Outbound contacts, those with a gap first."""

    def rows() -> pl.DataFrame:
        return compliance.logged_contacts(ctx.ask, from_date=period.start, to_date=period.end)

    return Behind(rows, share, "is_complete", EACH)


def third_parties(rows: pl.DataFrame) -> Opens:
    """`rows`: third_party_contacts."""
    chosen = {
        "third_party_breaches": pl.col("standing") == "breach",
        "third_party_unknown": pl.col("standing") == "unknown_relation",
        "third_party_refused": pl.col("refused_before"),
    }
    return {metric: _those(rows, chosen[metric]) for metric in chosen}


def _those(rows: pl.DataFrame, chosen: pl.Expr) -> Behind:
    found = rows.filter(chosen)
    return Behind(lambda: found, found.height)


def used_up(rows: pl.DataFrame) -> Opens:
    """`rows`: headroom.rows_of. A quiet period is told once a debtor, that which ends last."""
    least = strictest(rows)
    quiet = rows.filter(pl.col("kind") == "quiet_after").sort("frees_on", "rule_id", descending=[True, False])
    once = quiet.unique("debtor_key", keep="first", maintain_order=True)
    return {
        "headroom_none": Behind(lambda: _listed(least.filter(pl.col("n_left") == 0)), _n(least, 0)),
        "headroom_last": Behind(lambda: _listed(least.filter(pl.col("n_left") == 1)), _n(least, 1)),
        "quiet_running": Behind(lambda: _listed(once), quiet["debtor_key"].n_unique()),
    }


def _n(least: pl.DataFrame, left: int) -> int:
    return least.filter(pl.col("n_left") == left).height


def _listed(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort("frees_on", "debtor_id", nulls_last=True).select(headroom.SHOWN)


def counted(events: pl.DataFrame, listed: tuple[str, ...]) -> Opens:
    """`events`: the contacts that a limit counts, marked."""
    shown = events.select(listed)
    return {
        "recount_counted": Behind(lambda: shown, events.height),
        "recount_over": Behind(lambda: shown.filter("is_over"), int(events["is_over"].sum())),
        "recount_stopped": Behind(lambda: shown.filter("is_stopped"), int(events["is_stopped"].sum())),
    }


def template(ctx: Ctx, period: Period, checks: pl.DataFrame) -> Opens:
    """`checks`: rules of the process with their counts."""
    title = pl.col(f"title_{ctx.words.language}").alias("rule_title")
    clean = (pl.col("n_breach") == 0) & (pl.col("n_judged") > 0)
    rules = checks.select(
        "requirements", title, "n_kept", "n_breach", "n_not_assessable", clean.alias("is_clean"),
    )  # fmt: skip

    def found(verdict: str) -> pl.DataFrame:
        rows = process_reads.check_findings(ctx.ask, from_date=period.start, to_date=period.end, verdict=verdict)
        return rows.join(checks.select("rule_id", title), on="rule_id", how="left", maintain_order="left").select(
            "happened_on", "rule_title", "account_id", "item_kind", "item_id", "stage", "team", "missing", "detail"
        )

    return {
        "process_breaches": Behind(lambda: found("breach"), int(checks["n_breach"].sum())),
        "process_rules_kept": Behind(lambda: rules, int(rules["is_clean"].sum()) / rules.height, "is_clean", EACH),
        "process_not_assessable": Behind(lambda: found("not_assessable"), int(checks["n_not_assessable"].sum())),
    }  # fmt: skip


def rules(ctx: Ctx, versions: pl.DataFrame) -> Opens:
    """`versions`: rules_on_day."""
    holding = rulebook.in_force(versions)
    shown = rulebook.as_listed(ctx.words.language, holding)
    advisory = pl.col("modality").is_in(rulebook.ADVISORY)
    primary = pl.col("evidence_grade") == "primary"
    return {
        "rules_in_force": Behind(lambda: shown, holding.height),
        "rules_primary": Behind(lambda: shown.filter(primary), holding.filter(primary).height),
        "rules_advisory": Behind(lambda: shown.filter(advisory), holding.filter(advisory).height),
    }


def loaded(ctx: Ctx, sums: Loaded, n_given: int) -> Opens:
    """What was read: a row a file, a rejected row, a column of the contract."""
    files = data.loads(ctx.ask).drop("sha256")
    presence = data.column_presence(ctx.ask)
    refused = Behind(lambda: data.rejected_rows(ctx.ask), sums.rejected)
    return {
        "rows_accepted": Behind(lambda: files, sums.accepted, "rows_accepted"),
        "rows_rejected": refused if ctx.may_see_rejects else Behind(lambda: files, sums.rejected, "rows_rejected"),
        "columns_given": Behind(lambda: presence.filter("is_provided"), n_given),
    }
