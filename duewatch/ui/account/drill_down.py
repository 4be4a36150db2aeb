"""What the tiles of this page open."""

from __future__ import annotations

import polars as pl

from duewatch.ui.account.summary import History, breaches_of, decided_of, seen_on
from duewatch.ui.parts.drill_down import EACH, DrillDown, DrillDowns


def tile_rows(history: History) -> DrillDowns:
    """What one account's tiles were counted from."""
    facts = history.facts
    last_snapshots = seen_on(history)
    decided = decided_of(history.promises).with_columns((pl.col("outcome") == "kept").alias("is_kept"))
    return {
        "account_days": DrillDown(lambda: last_snapshots, facts["days_past_due"], "days_to"),
        "account_balance": DrillDown(lambda: last_snapshots, facts["balance"], "balance"),
        "account_contacts": DrillDown(lambda: history.contacts, history.contacts.height),
        "account_kept": DrillDown(
            lambda: decided, decided["is_kept"].sum() / decided.height if decided.height else None, "is_kept", EACH
        ),
        "account_paid": DrillDown(lambda: history.payments, history.payments["amount"].sum() or 0, "amount"),
        "account_breaches": DrillDown(lambda: breaches_of(history), facts["n_breach"]),
    }
