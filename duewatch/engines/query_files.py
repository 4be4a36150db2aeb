"""Query files: one question in one `.sql` file, with a header that says what goes in and what comes out.

    -- question: How does the book spread over aging buckets on one day?
    -- grain: one row per currency and bucket that has accounts
    -- uses: portfolio/accounts_on_day
    -- params:
    --   as_of date: the snapshot day
    --   grace_days integer = 1: days after the due date that still count
    --     range: 0 to 60
    -- columns: currency, bucket, n_accounts, share_accounts
    --   share_accounts: 0-1, null where there are none
    -- notes: accounts paid off or written off are not in a bucket

Columns are listed in their order; type and meaning stand in the column dictionary (`queries/columns.toml`). A line
`name: meaning` or `name type: meaning` below the list says what is different here. Formulas that many queries share are
macros (`duewatch.engines.macros`). A query with `-- for: rules` takes its parameters from a rule of a pack; else each
parameter says below itself what it may be (`duewatch.engines.parameters`), and a value beyond that is refused.

`uses` names other query files whose answer may be read under the last part of their name, or under the name given
with `as`; the engine puts them in front as common table expressions, and their parameters are this query's too.
A name given with `as` holds in the other used queries too: with `portfolio/thirty_day_moves as account_moves,
portfolio/move_shares` these shares are of the thirty-day moves.
`query_over` puts another query of the same columns in the place of one used under a name of its own, also where it is
used by a query in between. `explore/segments over explore/promise_units` is a name too: the query on the left with the
one on the right in the place of what it, or what it uses, reads as `units`. `promises/promise_ledger with as_of =
to_date` is that query with a parameter under another name, so that a query can use it which calls the same day to_date.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from duewatch.contract.column_dictionary import column_dictionary
from duewatch.contract.errors import QueryError
from duewatch.contract.settings import PROJECT_ROOT
from duewatch.engines import Params, Scalar
from duewatch.engines.macros import expanded, place
from duewatch.engines.parameters import KINDS, BookCodes, Parameter

QUERIES = PROJECT_ROOT / "queries"
OVER = " over "
WITH = " with "
REPLACED = "units"
"""What a name with `over` in it replaces."""

TYPES: dict[str, tuple[str, ...]] = {
    "text": ("VARCHAR",),
    "date": ("DATE",),
    "instant": ("TIMESTAMP",),
    "integer": ("BIGINT", "INTEGER"),
    "money": ("DECIMAL(38,2)", "DECIMAL(18,2)"),
    "ratio": ("DOUBLE",),
    "boolean": ("BOOLEAN",),
    "time": ("TIME",),
    "texts": ("VARCHAR[]",),
}
"""Header type to the DuckDB types a column of that type may have."""

_FIELD = re.compile(r"^--\s{1}(question|grain|for|uses|params|columns|notes):\s*(.*)$")
_ITEM = re.compile(r"^--\s{3}(\w+) (\w+)(?: = ([^:]+))?: (.+)$")
_NAMES = re.compile(r"^(\w+(?:, \w+)*),?$")
_DIFFERENT = re.compile(r"^--\s{3}(\w+)(?: (\w+))?: (.+)$")
_CONTINUED = re.compile(r"^--\s{5,}(\S.*)$")
_ALLOWED = re.compile(rf"^({'|'.join(KINDS)}): \S")
_FREE = re.compile(r"^--\s+(\S.*)$")


@dataclass(frozen=True)
class ResultColumn:
    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class QueryFile:
    """One query file. `own_sql` is the text below the header, `sql` the same with what it uses in front."""

    name: str
    question: str
    grain: str
    params: tuple[Parameter, ...]
    columns: tuple[ResultColumn, ...]
    notes: str
    own_sql: str
    sql: str
    path: Path
    uses: tuple[tuple[str, str], ...] = ()
    """Names of the queries used, each with the name it is read under."""
    own_params: tuple[Parameter, ...] = ()
    """Those of this file alone, without what it uses."""
    caller: str = ""
    """`rules` where the parameters come from a rule of a pack; such a query has no read."""

    @property
    def read_name(self) -> str:
        return _read_name(self.name)

    def bound(self, values: Params, book_codes: BookCodes | None = None) -> dict[str, Scalar]:
        """All parameters with a value: the one in `values` or the header's default. `book_codes`: the buckets of the
        book, where it is known. Raises QueryError by name for a value that the header does not allow."""
        names = {param.name for param in self.params}
        for name in values:
            if name not in names:
                raise QueryError(
                    f"there is no parameter '{name}'",
                    where=self.name,
                    next_step=f"it takes {', '.join(sorted(names)) or 'none'}",
                )
        bound = {param.name: self._value(param, values) for param in self.params}
        for param in self.params:
            param.check(bound[param.name], bound, book_codes, self.name)
        start, end = bound.get("from_date"), bound.get("to_date")
        if isinstance(start, date) and isinstance(end, date) and start > end:
            raise QueryError(
                f"from_date {start} is after to_date {end}", where=self.name, next_step="give the earlier day first"
            )
        return bound

    def _value(self, param: Parameter, values: Params) -> Scalar:
        value = values.get(param.name)
        if value is None and param.default is not None:
            value = param.default
        if value is None:
            raise QueryError(
                f"needs parameter '{param.name}' ({param.meaning})",
                where=self.name,
                next_step=f"give --{param.name.replace('_', '-')}",
            )
        return param.value_of(value) if isinstance(value, str) else value


@cache
def query_file(name: str) -> QueryFile:
    """The query of that name (`portfolio/aging_buckets`). Raises QueryError naming the nearest ones."""
    if OVER in name:
        base, _, units = name.partition(OVER)
        return replace(query_over(base, **{REPLACED: query_file(units).name}), name=name)
    if WITH in name:
        return _renamed(name)
    if name not in query_names():
        near = _nearest(name)
        hint = f"the nearest are {', '.join(near)}" if near else "see 'python -m duewatch query --list'"
        raise QueryError(f"there is no query '{name}'", next_step=hint)
    path = QUERIES / f"{name}.sql"
    return parse(name, path.read_text(encoding="utf-8"), path)


def _nearest(name: str) -> list[str]:
    """Up to three names that hold the word given, else those that are spelt like it."""
    word = name.split("/")[-1].lower()
    with_word = [query_name for query_name in query_names() if word and word in query_name.split("/")[-1]]
    return sorted(with_word, key=len)[:3] or difflib.get_close_matches(name, query_names(), n=3, cutoff=0.6)


@cache
def query_over(name: str, **replacements: str) -> QueryFile:
    """The query of that name with other queries in place of those it uses under these names
    (`query_over("compliance/as_findings", verdicts="compliance/quiet_after")`). Raises QueryError."""
    path = query_file(name).path
    return parse(name, path.read_text(encoding="utf-8"), path, replacements)


def _renamed(name: str) -> QueryFile:
    """`query with old = new` as the query with that parameter renamed. Raises QueryError where it uses other queries
    (theirs would keep the old name) or has no such parameter."""
    base, _, renaming = name.partition(WITH)
    old, _, new = (piece.strip() for piece in renaming.partition("="))
    query = query_file(base.strip())
    if query.uses or old not in {param.name for param in query.params} or not new.isidentifier():
        raise QueryError(
            f"'{renaming.strip()}' renames nothing",
            where=name,
            next_step="write 'with old = new' after a query that uses no other and has the parameter old",
        )
    params = tuple(replace(param, name=new) if param.name == old else param for param in query.params)
    sql = re.sub(rf"\${old}\b", f"${new}", query.own_sql)
    return replace(query, name=name, params=params, own_params=params, own_sql=sql, sql=sql)


def over_units(name: str, units: str) -> str:
    """The name of a query with another in the place of the `units` it is written over."""
    return name if units in dict(_deep_uses(query_file(name))) else f"{name}{OVER}{units}"


def params_taken(name: str, values: Params) -> dict[str, Scalar]:
    """Of these parameters those that the query takes."""
    names = {param.name for param in query_file(name).params}
    return {key: value for key, value in values.items() if key in names}


@cache
def query_names() -> tuple[str, ...]:
    """Names of all query files, sorted."""
    paths = (path.relative_to(QUERIES).with_suffix("") for path in QUERIES.rglob("*.sql"))
    return tuple(sorted(path.as_posix() for path in paths if path.parts[0] != "macros"))


def parse(name: str, text: str, path: Path, instead: Mapping[str, str] | None = None) -> QueryFile:
    """A query file from its text, `instead` saying which query to put under a name it uses. Raises QueryError where
    the header is not as this module says."""
    head, written = _split(text)
    own_sql = expanded(written, path, first_line=len(head) + 1)
    fields, params, columns = _header(path, head)
    for required in ("question", "grain"):
        if not fields.get(required):
            raise QueryError(f"the header has no '{required}'", where=str(path))
    replacements = dict(instead or {})
    used = tuple(_used(part, replacements) for part in fields.get("uses", "").split(",") if part.strip())
    replacements = {alias: query for query, alias in used if alias != _read_name(query)} | replacements
    used_queries = [(_within(query, _without(alias, replacements)), alias) for query, alias in used]
    all_params = _distinct([*params, *(param for query, _ in used_queries for param in query.params)])
    return QueryFile(
        name,
        fields["question"],
        fields["grain"],
        all_params,
        tuple(columns),
        fields.get("notes", ""),
        own_sql,
        _with_used(own_sql, used_queries, replacements),
        path,
        used,
        tuple(params),
        fields.get("for", ""),
    )


def _within(name: str, instead: Mapping[str, str]) -> QueryFile:
    """A used query, with the same others in the place of what it uses."""
    query = query_file(name)
    return query_over(name, **instead) if any(alias in instead for _, alias in _deep_uses(query)) else query


def _without(alias: str, instead: Mapping[str, str]) -> dict[str, str]:
    """A query never takes its own place."""
    return {name: query for name, query in instead.items() if name != alias}


def _deep_uses(query: QueryFile) -> list[tuple[str, str]]:
    """What a query uses, and what that uses, each with the name it is read under."""
    return [*query.uses, *(pair for name, _ in query.uses for pair in _deep_uses(query_file(name)))]


def _used(part: str, instead: Mapping[str, str]) -> tuple[str, str]:
    name, _, alias = (piece.strip() for piece in part.partition(" as "))
    alias = alias or _read_name(name)
    return instead.get(alias, name), alias


def _read_name(name: str) -> str:
    return name.partition(WITH)[0].split("/")[-1].strip()


def _split(text: str) -> tuple[list[str], str]:
    lines = text.splitlines()
    n_head = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return lines[:n_head], "\n".join(lines[n_head:]).rstrip().rstrip(";")


def _header(path: Path, lines: list[str]) -> tuple[dict[str, str], list[Parameter], list[ResultColumn]]:
    fields: dict[str, str] = {}
    params: list[Parameter] = []
    listed: list[str] = []
    different: dict[str, tuple[str | None, str | None]] = {}
    section = ""
    for number, line in enumerate(lines, 1):
        if match := _FIELD.match(line):
            section, fields[match[1]] = match[1], match[2].strip()
            line = f"--   {match[2]}" if section == "columns" and match[2] else ""
        if not line:
            continue
        if section == "params" and (match := _ITEM.match(line)):
            params.append(_parameter(match, place(path, number)))
        elif section == "columns" and (match := _NAMES.match(line[5:])):
            listed += match[1].split(", ")
        elif section == "columns" and (match := _DIFFERENT.match(line)):
            different[match[1]] = (match[2], match[3])
        elif section == "params" and params and (match := _CONTINUED.match(line)):
            params[-1] = _continued(params[-1], match[1])
        elif section == "columns" and different and (match := _CONTINUED.match(line)):
            name, (kind, meaning) = list(different.items())[-1]
            different[name] = (kind, f"{meaning} {match[1]}")
        elif section in ("question", "grain", "notes", "uses") and (match := _FREE.match(line)):
            fields[section] = f"{fields[section]} {match[1]}".strip()
        else:
            raise QueryError(f"this header line is not understood: {line!r}", where=place(path, number))
    if stray := sorted(different.keys() - set(listed)):
        raise QueryError(f"'{stray[0]}' is worded but not listed", where=str(path), next_step="list it under columns")
    return fields, params, [_column(name, different.get(name, (None, None)), path) for name in listed]


def _parameter(match: re.Match[str], where: str) -> Parameter:
    name, kind, default, meaning = match.groups()
    _known_type(name, kind, where)
    if default is not None and default[0] in "'\"":
        raise QueryError(
            f"the default of '{name}' stands in quotes", where=where, next_step=f"write '= {default.strip(default[0])}'"
        )
    return Parameter(name, kind, meaning, default)


def _continued(param: Parameter, text: str) -> Parameter:
    """A parameter with a further line of its header: more of its meaning, or what it may be."""
    if param.allowed or _ALLOWED.match(text):
        return replace(param, allowed=f"{param.allowed} {text}".strip())
    return replace(param, meaning=f"{param.meaning} {text}")


def _column(name: str, different: tuple[str | None, str | None], path: Path) -> ResultColumn:
    kind, meaning = different
    declared = column_dictionary().get(name)
    kind = kind or (declared.type if declared else None)
    meaning = meaning or (declared.meaning if declared else None)
    if not kind or not meaning:
        raise QueryError(
            f"column '{name}' has no {'meaning' if kind else 'type'}",
            where=str(path),
            next_step=f"declare it in queries/columns.toml, or write '{name} type: meaning' below the list",
        )
    _known_type(name, kind, str(path))
    return ResultColumn(name, kind, meaning)


def _known_type(name: str, kind: str, where: str) -> None:
    if kind not in TYPES:
        raise QueryError(f"{name} has type '{kind}'", where=where, next_step=f"use one of {', '.join(TYPES)}")


def _distinct(params: list[Parameter]) -> tuple[Parameter, ...]:
    by_name: dict[str, Parameter] = {}
    for param in params:
        by_name.setdefault(param.name, param)
    return tuple(by_name.values())


def _with_used(own_sql: str, used: list[tuple[QueryFile, str]], instead: Mapping[str, str]) -> str:
    """The text with every query it uses in front, each once, however many others use it too."""
    parts: dict[str, str] = {}
    for query, alias in used:
        _add_used(parts, query, alias, instead)
    if not parts:
        return own_sql
    front = [f"{alias} as (\n{sql}\n)" for alias, sql in parts.items()]
    if re.match(r"(?i)with\s", own_sql):
        front.append(re.sub(r"(?i)^with\s+", "", own_sql))
        return "with " + ",\n\n".join(front)
    return "with " + ",\n\n".join(front) + "\n\n" + own_sql


def _add_used(parts: dict[str, str], query: QueryFile, alias: str, instead: Mapping[str, str]) -> None:
    for name, inner in query.uses:
        _add_used(parts, _within(name, instead), inner, instead)
    if parts.setdefault(alias, query.own_sql) != query.own_sql:
        raise QueryError(f"two queries are read as '{alias}'", where=query.name)
