"""Several deliveries of one kind of file: of a row that came again the newest stands, and what changed is kept.

A delivery is a file; files of one kind follow each other by name, which should hold the day. Two kinds of file that
give one id are no deliveries of each other: there the rows of other content are in conflict.
"""

from __future__ import annotations

from duewatch.contract.schema import Column, Kind, Table
from duewatch.ingest.build_connection import BuildConnection, fill
from duewatch.sources.reject_reasons import LeftOut

MASTER = ("debtors", "accounts", "collectors")
"""Tables whose earlier values are kept in book.attribute_changes."""


def supersede(build_db: BuildConnection, table: Table, key: list[str]) -> None:
    """Leaves out what a later delivery says again: the same (folded) or otherwise (superseded)."""
    several = build_db.count(
        "select count(*) from (select section from load_rules join (select distinct file_no from staged_{t}) "
        "using (file_no) group by section having count(*) > 1)",
        t=table.name,
    )
    if not several:
        return
    parts = [part for column in table.columns for part in _parts(column)]
    names = [f"k{n}" for n in range(len(key))]
    build_db.run(
        """create or replace table delivered as
           with keyed as (select v.*, {keys_as}, l.section from valid_{t} v join load_rules l using (file_no)),
           again as (
               select {names} from keyed group by all
               having count(distinct file_no) > 1 and count(distinct section) = 1),
           rows as (
               select k.*, cast(struct_pack({packed}) as varchar) as content
               from keyed k join again a on {same})
           select *, max(file_no) over (partition by {names}) as newest,
                  lead(content) over in_order as next_content, lead(file_no) over in_order as next_file
           from rows
           window in_order as (partition by {names} order by file_no, line, part)""",
        t=table.name,
        keys_as=", ".join(f"{part} as {name}" for part, name in zip(key, names, strict=True)),
        names=", ".join(names),
        packed=", ".join(f"{part} := k.{part}" for part in parts),
        same=" and ".join(f"a.{name} is not distinct from k.{name}" for name in names),
    )
    build_db.run("update delivered set next_file = null where file_no = newest")
    build_db.run(
        """insert into late
           select '{t}', file_no, line, part, null,
                  case when content = next_content then '{folded}' else '{superseded}' end
           from delivered where next_file is not null""",
        t=table.name,
        folded=LeftOut.FOLDED,
        superseded=LeftOut.SUPERSEDED,
    )
    for column in table.columns:
        _count_changes(build_db, table, column, names)
    build_db.run("drop table delivered")


def _count_changes(build_db: BuildConnection, table: Table, column: Column, names: list[str]) -> None:
    """How many rows differ from the delivery after in this column; of master tables also what it was and became.
    `names`: the columns of `delivered` that hold the key."""
    name = f'"{column.name}"'
    if column.name in table.key:
        return
    pairs = fill(
        """(select d.*, n.{c} as new_value, f.file
            from delivered d join delivered n on {same} and n.file_no = d.next_file
            join load_rules f on f.file_no = d.next_file
            where d.{c} is distinct from n.{c})""",
        c=name,
        same=" and ".join(f"n.{part} is not distinct from d.{part}" for part in names),
    )
    build_db.run(
        """insert into book.assumptions
           select '{t}', file, '{column}', 'changed', count(*), '', '' from {pairs} group by file""",
        t=table.name,
        column=column.name,
        pairs=pairs,
    )
    if table.name in MASTER:
        hidden = "cast(null as varchar)"
        build_db.run(
            """insert into book.attribute_changes
               select '{t}', {id}, '{column}', {old}, {new}, file from {pairs} order by file, {id}""",
            t=table.name,
            id=table.key[0],
            column=column.name,
            old=hidden if column.private else f"{name}::varchar",
            new=hidden if column.private else "new_value::varchar",
            pairs=pairs,
        )


def _parts(column: Column) -> tuple[str, ...]:
    if column.kind is Kind.MOMENT:
        return (f'"{column.name}"', f'"{column.name}__offset"', f'"{column.name}__is_date"')
    return (f'"{column.name}"', f'"{column.name}__offset"') if column.kind is Kind.INSTANT else (f'"{column.name}"',)
