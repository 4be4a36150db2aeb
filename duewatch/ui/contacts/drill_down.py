"""What the tiles of this page open."""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.reads import contacts as reads
from duewatch.ui.contacts import summary as contacts
from duewatch.ui.contacts.rows import days_of
from duewatch.ui.parts.decided_days import promise_rules
from duewatch.ui.parts.drill_down import EACH, DrillDown
from duewatch.ui.parts.period import Period
from duewatch.ui.shell.frame import PageContext

DrillDowns = dict[str, DrillDown]


def reached(
    ctx: PageContext, period: Period, channel: str, now: contacts.Reach, span: tuple[date, date] | None
) -> DrillDowns:
    """`now`: the answers the tiles have; `span`: the weeks whose promises are decided."""
    reach, covered, kept = now.reach or {}, now.coverage or {}, now.kept or {}

    def attempts() -> pl.DataFrame:
        found = reads.attempts_in_cell(ctx.ask, bucket="all", channel=channel, **days_of(period), **promise_rules())
        return found.drop("n_promises", "n_kept", "isodow")

    def accounts() -> pl.DataFrame:
        found = reads.coverage_accounts(ctx.ask, channel=channel, **days_of(period))
        return found.drop("bucket")

    opens = {
        "contact_attempts": DrillDown(attempts, reach.get("n_attempts")),
        "connect_rate": DrillDown(attempts, reach.get("share_connected"), "is_connected", EACH),
        "right_party_rate": DrillDown(attempts, reach.get("share_right_party"), "is_right_party", EACH),
        "coverage": DrillDown(accounts, covered.get("share_touched"), "is_touched", EACH),
        "contact_intensity": DrillDown(accounts, covered.get("per_touched"), "n_attempts", "is_touched"),
    }
    if span is None:
        return opens

    def talks() -> pl.DataFrame:
        found = reads.yield_contacts(
            ctx.ask, as_of=ctx.as_of, from_date=span[0], to_date=span[1], channel=channel, **promise_rules()
        )
        return found.drop("bucket")

    return {**opens, "kept_per_contact": DrillDown(talks, kept.get("kept_per_contact"), "is_kept", EACH)}
