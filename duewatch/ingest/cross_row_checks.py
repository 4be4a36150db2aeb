"""Checks that need more than one row: references, wall times in a zone, repeats. Rows that fail go to `late`.

Order: references (in contract order), skipped wall times, then duplicates among the rows still valid, ties by
file and line. Parents are finished before their children, so a child of a rejected parent is dangling.
"""

from __future__ import annotations

from duewatch.contract.schema import Kind, Table
from duewatch.ingest.build_connection import BuildConnection
from duewatch.ingest.deliveries import supersede
from duewatch.sources.reject_reasons import LeftOut, Reason

PARENT_ROWS = {
    "debtors.debtor_id": "select debtor_id as id from book.debtors",
    "accounts.account_id": "select account_id as id from book.accounts",
    "contacts.contact_id": "select contact_id as id from book.contacts",
}
NO_FURTHER_KEY: tuple[str, ...] = ()
EXTRA_KEY = {"instalments": ("case when seq is null then amount end",)}
"""Without a number, two instalments of one day are told apart by their amount."""


def reject_dangling(build_db: BuildConnection, table: Table) -> None:
    for column in table.columns:
        if column.references and column.references in PARENT_ROWS:
            build_db.run(
                """insert into late select '{t}', file_no, line, part, '{c}', '{reason}' from valid_{t} v
                   where v."{c}" is not null and not exists (from ({parents}) p where p.id = v."{c}")""",
                t=table.name,
                c=column.name,
                reason=Reason.DANGLING_KEY,
                parents=PARENT_ROWS[column.references],
            )


def reject_skipped_times(build_db: BuildConnection, table: Table) -> None:
    """Wall times in an hour that the clocks of the debtor's zone left out. A bare date is never one."""
    zone_of = zone_join(table)
    for column in table.columns:
        if column.kind not in (Kind.INSTANT, Kind.MOMENT):
            continue
        build_db.run(
            """insert into late select '{t}', v.file_no, v.line, v.part, '{c}', '{reason}'
               from (from valid_{t} where "{c}" is not null and "{c}__offset" is null {not_a_date}) v {zone_of}
               join zone_wall w on w.zone = z.zone and w.is_gap and v."{c}" >= w.from_at and v."{c}" < w.to_at""",
            t=table.name,
            c=column.name,
            reason=Reason.NO_SUCH_LOCAL_TIME,
            not_a_date=f'and not "{column.name}__is_date"' if column.kind is Kind.MOMENT else "",
            zone_of=zone_of,
        )


def zone_join(table: Table) -> str:
    """Joins `z` (zone, debtor_key) to rows `v`: the zone of the row's own debtor, else of the account's."""
    if table.name == "flags":
        return "join debtor_keys z on z.debtor_id = v.debtor_id"
    if table.name == "contacts":
        return (
            "join account_keys k on k.account_id = v.account_id "
            "join debtor_keys z on z.debtor_id = coalesce(v.debtor_id, k.debtor_id)"
        )
    return "join account_keys z on z.account_id = v.account_id"


def reject_duplicates(build_db: BuildConnection, table: Table) -> None:
    """Same key and same content: the first row stays, the others are repeats. Other content: all are rejected. Where
    the mapping says so (`load_rules`) repeats are folded, and of other content the last row stands; of several
    deliveries the newest does."""
    key = [f'"{name}"' for name in table.key] + list(EXTRA_KEY.get(table.name, NO_FURTHER_KEY))
    names = [f"k{n}" for n in range(len(key))]
    content = ", ".join(f'"{part}"' for column in table.columns for part in _staged_parts(column.name, column.kind))
    _reject_unread_twins(build_db, table, key)
    supersede(build_db, table, key)
    build_db.run(
        """insert into late
           with repeated as (select {keys_as} from valid_{t} group by all having count(*) > 1),
           rows as (
               select v.file_no, v.line, v.part, r.*, cast(struct_pack({packed}) as varchar) as content,
                      coalesce(l.is_distinct, false) as is_distinct, coalesce(l.last_stands, false) as last_stands
               from (select *, {keys_as} from valid_{t}) v
               join repeated r on {same_key}
               left join load_rules l on l.file_no = v.file_no),
           judged as (
               select file_no, line, part, is_distinct,
                      min(content) over same_key = max(content) over same_key as alike,
                      bool_and(last_stands) over same_key as last_stands,
                      row_number() over (same_key order by file_no, line, part) as n,
                      row_number() over (same_key order by file_no desc, line desc, part desc) as n_from_end
               from rows window same_key as (partition by {names}))
           select '{t}', file_no, line, part, case when alike or last_stands then null else '{first_key}' end,
                  case when alike and is_distinct then '{folded}' when alike then '{repeated}'
                       when last_stands then '{superseded}' else '{conflict}' end
           from judged
           where case when alike then n > 1 when last_stands then n_from_end > 1 else true end""",
        t=table.name,
        keys_as=", ".join(f"{part} as {name}" for part, name in zip(key, names, strict=True)),
        packed=", ".join(f"{part} := v.{part}" for part in content.split(", ")),
        same_key=" and ".join(f"v.{name} is not distinct from r.{name}" for name in names),
        names=", ".join(f"{name}" for name in names),
        first_key=table.key[0],
        repeated=Reason.REPEATED_ROW,
        conflict=Reason.CONFLICTING_KEY,
        folded=LeftOut.FOLDED,
        superseded=LeftOut.SUPERSEDED,
    )


def _reject_unread_twins(build_db: BuildConnection, table: Table, key: list[str]) -> None:
    """A row with a value that cannot be read gives way to one of its key that can be read whole."""
    if not build_db.count("select count(*) from unread where table_name = '{t}'", t=table.name):
        return
    build_db.run(
        """insert into late
           with first_unread as (
               select file_no, line, part, arg_min(column_name, column_name) as column_name,
                      arg_min(reason, column_name) as reason
               from unread where table_name = '{t}' group by all),
           rows as (
               select v.file_no, v.line, v.part, u.column_name, u.reason,
                      bool_or(u.reason is null) over (partition by {key}) as has_whole_twin
               from valid_{t} v left join first_unread u using (file_no, line, part))
           select '{t}', file_no, line, part, column_name, reason from rows
           where has_whole_twin and reason is not null""",
        t=table.name,
        key=", ".join(key),
    )


def leave_out_unposted(build_db: BuildConnection) -> None:
    """Payments that are no cash, and the rows that take such a payment back."""
    build_db.run(
        """insert into late select 'payments', file_no, line, part, null, '{not_cash}'
           from valid_payments where status <> 'posted'""",
        not_cash=LeftOut.NOT_CASH,
    )
    build_db.run(
        """insert into late select 'payments', v.file_no, v.line, v.part, null, '{not_cash}'
           from valid_payments v join staged_payments p on p.payment_id = v.reverses_payment_id
           where p.status <> 'posted'""",
        not_cash=LeftOut.NOT_CASH,
    )


def reject_shifted_debtors(build_db: BuildConnection) -> None:
    """A debtor of no account with a value that could not be read: its cells may have slipped, and its id be a name."""
    build_db.run(
        """insert into late select distinct 'debtors', v.file_no, v.line, v.part, u.column_name, '{reason}'
           from valid_debtors v join unread u using (file_no, line, part)
           where u.table_name = 'debtors' and v.debtor_id not in
                 (select debtor_id from staged_accounts where debtor_id is not null)
           qualify row_number() over (partition by v.file_no, v.line, v.part order by u.column_name) = 1""",
        reason=Reason.PERHAPS_SHIFTED,
    )


def _staged_parts(name: str, kind: Kind) -> tuple[str, ...]:
    if kind is Kind.MOMENT:
        return (name, f"{name}__offset", f"{name}__is_date")
    return (name, f"{name}__offset") if kind is Kind.INSTANT else (name,)


def reject_dangling_reversals(build_db: BuildConnection) -> None:
    """A reversal of a payment that is not in the book is dangling, and so on along a chain of reversals."""
    while True:
        before = build_db.count("select count(*) from late")
        build_db.run(
            """insert into late select 'payments', file_no, line, part, 'reverses_payment_id', '{reason}'
               from valid_payments v where reverses_payment_id is not null and not exists
                   (from valid_payments p where p.payment_id = v.reverses_payment_id)""",
            reason=Reason.DANGLING_KEY,
        )
        if build_db.count("select count(*) from late") == before:
            return
