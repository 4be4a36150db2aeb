"""What the pages can say, and which columns of the source contract each of those needs.

The words stand in the locales under `capability.<id>`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Capability:
    """`needs` names source columns as `table.column`; all of them must have been given and hold something."""

    id: str
    needs: tuple[str, ...]


_BY_PAYMENTS = ("instalments.due_on", "instalments.amount", "payments.paid_on", "payments.amount")

CAPABILITIES = (
    Capability("bridge_paid_down", ("payments.paid_on", "payments.amount")),
    Capability("migration_30_day", _BY_PAYMENTS),
    Capability("due_dates", _BY_PAYMENTS),
    Capability("dpd_agreement", ("snapshots.days_past_due", *_BY_PAYMENTS)),
    Capability("vintage", ("accounts.opened_on", "accounts.original_amount")),
    Capability("by_branch", ("accounts.branch",)),
    Capability("risk_grade", ("snapshots.risk_grade",)),
    Capability("promises", ("promises.due_on", "promises.amount", "payments.paid_on")),
    Capability("contact_hours", ("contacts.started_at", "debtors.time_zone")),
    Capability("contact_frequency", ("contacts.started_at", "contacts.outcome", "contacts.channel")),
    Capability("third_party", ("contacts.party_role",)),
    Capability("collectors", ("contacts.collector_id", "assignments.collector_id")),
    Capability("log_delay", ("contacts.recorded_at",)),
)


def not_assessable(presence: pl.DataFrame) -> list[tuple[Capability, list[str]]]:
    """The capabilities that this book lacks, each with the columns missing. `presence`: column_presence."""
    columns = given_columns(presence)
    lacking = [(capability, [name for name in capability.needs if name not in columns]) for capability in CAPABILITIES]
    return [(capability, missing) for capability, missing in lacking if missing]


def given_columns(presence: pl.DataFrame) -> set[str]:
    """Source columns, as `table.column`, that were given and hold something."""
    return {
        f"{row['table_name']}.{row['column_name']}"
        for row in presence.iter_rows(named=True)
        if row["is_provided"] and row["n_filled"]
    }
