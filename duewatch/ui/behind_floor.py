"""What the tiles of the floor's pages open: Contacts, Teams, Worklist, one account, and What-if."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from duewatch.contract.settings import load_settings
from duewatch.metrics.funnel_plot import Comparison
from duewatch.reads import contacts as reads
from duewatch.reads import explore as units
from duewatch.reads import teams as team_reads
from duewatch.ui.account.summary import History, breaches_of, decided_of, seen_on
from duewatch.ui.contacts import summary as contacts
from duewatch.ui.contacts.rows import days_of, judged
from duewatch.ui.parts.drill_down import EACH, Behind
from duewatch.ui.parts.period import Period
from duewatch.ui.shell.frame import Ctx
from duewatch.ui.teams import summary as teams
from duewatch.ui.whatif import scenarios as whatif
from duewatch.ui.whatif.scenarios import Told
from duewatch.ui.worklist import summary as worklist
from duewatch.whatif.scenario import Scenario

Opens = dict[str, Behind]


def reached(
    ctx: Ctx, period: Period, channel: str, now: contacts.Reach, span: tuple[date, date] | None
) -> Opens:  # fmt: skip
    """`now`: the answers the tiles have; `span`: the weeks whose promises are decided."""
    reach, covered, kept = now.reach or {}, now.coverage or {}, now.kept or {}

    def attempts() -> pl.DataFrame:
        found = reads.attempts_in_cell(ctx.ask, bucket="all", channel=channel, **days_of(period), **judged())
        return found.drop("n_promises", "n_kept", "isodow")

    def accounts() -> pl.DataFrame:
        found = reads.coverage_accounts(ctx.ask, channel=channel, **days_of(period))
        return found.drop("bucket")

    opens = {
        "contact_attempts": Behind(attempts, reach.get("n_attempts")),
        "connect_rate": Behind(attempts, reach.get("share_connected"), "is_connected", EACH),
        "right_party_rate": Behind(attempts, reach.get("share_right_party"), "is_right_party", EACH),
        "coverage": Behind(accounts, covered.get("share_touched"), "is_touched", EACH),
        "contact_intensity": Behind(accounts, covered.get("per_touched"), "n_attempts", "is_touched"),
    }
    if span is None:
        return opens

    def talks() -> pl.DataFrame:
        found = reads.yield_contacts(
            ctx.ask, as_of=ctx.as_of, from_date=span[0], to_date=span[1], channel=channel, **judged()
        )
        return found.drop("bucket")

    return {**opens, "kept_per_contact": Behind(talks, kept.get("kept_per_contact"), "is_kept", EACH)}


def compared(ctx: Ctx, comparison: Comparison, found: pl.DataFrame, conduct: pl.DataFrame, asked: Any) -> Opens:
    """`found`: observed_expected; `conduct`: by the same groups; `asked`: teams_sections.Asked."""
    table = teams.table(ctx.words, comparison, found, conduct).drop("collected")
    far = [each.counts.name for each in teams.outside(comparison)]
    n, broken = teams.named_conduct(conduct)

    def made() -> pl.DataFrame:
        rows = team_reads.conduct_contacts(ctx.ask, **asked.conduct)
        named = rows.filter(pl.col("group_name").is_not_null()).drop("debtor_key")
        return named.sort("is_breaching", "local_date", "contact_id", descending=[True, True, False])

    return {
        "teams_compared": Behind(lambda: table, len(comparison.judged)),
        "teams_outside": Behind(lambda: table.filter(pl.col("group_name").is_in(far)), len(far)),
        "teams_conduct": Behind(made, broken / n if n else None, "is_breaching", EACH),
    }


def to_do(blocks: Mapping[str, pl.DataFrame]) -> Opens:
    """A block of the worklist."""
    return {
        worklist.METRIC_OF[block]: Behind(lambda frame=frame: frame, frame.height)  # type: ignore[misc]
        for block, frame in blocks.items()
    }


def closed(ctx: Ctx, rows: pl.DataFrame) -> Behind:
    """Accounts of the list that may not be called on the day."""
    shut = rows.filter(pl.col("clearance").is_in(worklist.CLOSED))
    return Behind(lambda: worklist.worded(ctx.words, shut), worklist.n_closed(rows))


def of_account(history: History) -> Opens:
    """What one account's tiles were counted from."""
    facts = history.facts
    last = seen_on(history)
    decided = decided_of(history.promises).with_columns((pl.col("outcome") == "kept").alias("is_kept"))
    return {
        "account_days": Behind(lambda: last, facts["days_past_due"], "days_to"),
        "account_balance": Behind(lambda: last, facts["balance"], "balance"),
        "account_contacts": Behind(lambda: history.contacts, history.contacts.height),
        "account_kept": Behind(
            lambda: decided, decided["is_kept"].sum() / decided.height if decided.height else None, "is_kept",
            EACH,
        ),
        "account_paid": Behind(lambda: history.payments, history.payments["amount"].sum() or 0, "amount"),
        "account_breaches": Behind(lambda: breaches_of(history), facts["n_breach"]),
    }  # fmt: skip


def scenario(ctx: Ctx, one: Told) -> Opens:
    """The contacts, or promises, that a scenario's measures count. Hours are arithmetic on inputs that are shown."""
    opens = {}
    for measure in whatif.ROWS:
        line = one.line(measure)
        if line is not None and line.scenario is not None:
            opens[whatif.TILES[measure]] = Behind(
                lambda measure=measure: whatif.behind(ctx, one, measure), int(line.scenario)  # type: ignore[misc]
            )  # fmt: skip
    line = one.line("share_kept")
    if line is not None and line.scenario is not None:
        opens["kept_ratio"] = Behind(
            lambda: _promises(ctx, one.scenario, whatif.period_of(one)), line.scenario, "numerator", "denominator"
        )
    return opens


def _promises(ctx: Ctx, scenario: Scenario, period: tuple[date, date]) -> pl.DataFrame:
    """The promises of the period, judged with the scenario's grace period and tolerance."""
    settings = load_settings()
    grace, enough = scenario.value("promise_grace_days"), scenario.value("promise_tolerance")
    found = units.promise_units(
        ctx.ask, from_date=period[0], to_date=period[1], as_of=period[1],
        grace_days=settings.promise_grace_days if grace is None else int(grace),
        tolerance=float(settings.promise_tolerance if enough is None else enough),
    )  # fmt: skip
    counts = [pl.col(name).cast(pl.Int64) for name in ("numerator", "denominator")]
    return found.select("account_id", "unit_id", "unit_on", "product", "branch", *counts)
