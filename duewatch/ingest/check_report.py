"""What a load would do, told before it is done: every problem by kind, what it costs, and what can be answered."""

from __future__ import annotations

from dataclasses import dataclass

from duewatch.contract.capabilities import CAPABILITIES, not_assessable
from duewatch.contract.errors import SourceError
from duewatch.contract.localised_errors import LocalisedText
from duewatch.ingest.build_connection import BuildConnection
from duewatch.ingest.rejects import MASK
from duewatch.ingest.report import TableLoad, masked_columns, table_loads
from duewatch.ingest.stage import StagedFile
from duewatch.sources.reject_reasons import Reason

NO_LOSS = (Reason.TOTAL_ROW, Reason.REPEATED_ROW)
"""Rejected rows whose content is in the book all the same."""


@dataclass(frozen=True)
class Problem:
    """Rows that would be lost for one reason, or values that would be left empty."""

    table: str
    column: str
    reason: str
    is_row: bool
    """Whether the rows are lost; else only the values."""
    n_rows: int
    balance_share: float | None
    """Share of the latest balances that the accounts of these rows hold; None where no balance is known."""
    file: str
    line: int
    example: str
    """What stands there; masked where the column is personal."""


@dataclass(frozen=True)
class CheckReport:
    """What `ingest --check` found."""

    refusals: tuple[SourceError, ...]
    """What would refuse the whole load."""
    loads: tuple[TableLoad, ...]
    problems: tuple[Problem, ...]
    """Most rows first."""
    notes: tuple[LocalisedText, ...]
    answered: tuple[str, ...]
    """Ids of the capabilities that the rows allow (`capability.ID` in the locales)."""
    lacking: tuple[tuple[str, tuple[str, ...]], ...]
    """The others, each with the columns that it lacks."""

    @property
    def loses_something(self) -> bool:
        return bool(self.refusals) or any(problem.reason not in NO_LOSS for problem in self.problems)

    @property
    def best_column(self) -> tuple[str, int] | None:
        """The column that would open the most, alone, and how many; None where no single one opens any."""
        alone = [missing[0] for _, missing in self.lacking if len(missing) == 1]
        if not alone:
            return None
        best = max(sorted(set(alone)), key=alone.count)
        return best, alone.count(best)


def check_report(
    build_db: BuildConnection, staged: list[StagedFile], errors: list[SourceError], notes: tuple[LocalisedText, ...]
) -> CheckReport:
    """`build_db`: the book as far as it was assembled."""
    presence = build_db.rows("from book.column_presence")
    lacking = tuple((capability.id, tuple(missing)) for capability, missing in not_assessable(presence))
    lost = {id_ for id_, _ in lacking}
    answered = tuple(capability.id for capability in CAPABILITIES if capability.id not in lost)
    return CheckReport(tuple(errors), table_loads(build_db), _problems(build_db, staged), notes, answered, lacking)


def _problems(build_db: BuildConnection, staged: list[StagedFile]) -> tuple[Problem, ...]:
    """Rejected rows and unread values, by table, column and reason."""
    build_db.run(
        """create table latest_balances as
           select account_id, arg_max(balance, as_of) as balance from staged_snapshots
           where balance > 0 group by account_id"""
    )
    rejects = "(select * from all_rejects)" if _has_view(build_db, "all_rejects") else NO_REJECTS
    found = build_db.rows(
        """with lost as (
               select table_name, column_name, reason, true as is_row, file, line, value, account_id
               from {rejects}
               union all
               select table_name, column_name, reason, false, file, line, value, null from unread),
           costs as (
               select table_name, column_name, reason, is_row, sum(balance) as balance
               from (select distinct table_name, column_name, reason, is_row, account_id from lost)
               join latest_balances using (account_id) group by all)
           select lost.table_name, coalesce(lost.column_name, '') as column_name, lost.reason, lost.is_row,
                  count(*) as n_rows,
                  any_value(c.balance)::double / nullif((select sum(balance) from latest_balances), 0)::double
                      as balance_share,
                  arg_min(file, (file, line)) as file, min_by(line, (file, line)) as line,
                  arg_min(value, (file, line)) as example
           from lost left join costs c
                on c.table_name = lost.table_name and c.column_name is not distinct from lost.column_name
                and c.reason = lost.reason and c.is_row = lost.is_row
           group by all
           order by lost.is_row desc, n_rows desc, 1, 2, 3""",
        rejects=rejects,
    )
    masked = masked_columns(staged)
    return tuple(_problem(row, masked) for row in found.iter_rows(named=True))


NO_REJECTS = (
    "(select null::varchar as table_name, null::varchar as column_name, null::varchar as reason, "
    "null::varchar as file, null::bigint as line, null::varchar as value, null::varchar as account_id where false)"
)


def _has_view(build_db: BuildConnection, name: str) -> bool:
    return bool(build_db.count("select count(*) from duckdb_views() where view_name = '{name}'", name=name))


def _problem(row: dict[str, object], masked: set[str]) -> Problem:
    is_masked = f"{row['table_name']}.{row['column_name']}" in masked
    example = str(row["example"] or "")
    share = row["balance_share"]
    return Problem(
        table=str(row["table_name"]),
        column=str(row["column_name"]),
        reason=str(row["reason"]),
        is_row=bool(row["is_row"]),
        n_rows=int(str(row["n_rows"])),
        balance_share=None if share is None else float(str(share)),
        file=str(row["file"]),
        line=int(str(row["line"])),
        example=MASK if is_masked and example else example,
    )
