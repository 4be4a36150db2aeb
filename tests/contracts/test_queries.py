"""The laws of queries/: each file keeps its header's promises and stays inside the portable subset. A test names all
files that break its law."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
import sqlglot
from sqlglot import exp

from duewatch.cli.query import query_command
from duewatch.compliance.compiled_rules import compile_pack
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_kinds import SPECS
from duewatch.compliance.rule_verdicts import coverage_params, findings_params
from duewatch.contract.column_dictionary import column_dictionary
from duewatch.contract.errors import QueryError
from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.contract.schema import BOOK_TABLES
from duewatch.contract.scope import NO_SCOPE, WHOLE_BOOK
from duewatch.contract.settings import PROJECT_ROOT, Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.engines.macros import FOLDER, macro_names
from duewatch.engines.query_files import TYPES, QueryFile, query_file, query_names
from duewatch.engines.reads_module import reads_module
from duewatch.metrics.metric import DIMENSIONS
from duewatch.ui.parts.code_labels import heading
from tests.support.small_books import account, engine_over, snapshot

QUERIES = [query_file(name) for name in query_names()]
COMPILED = {query.name for query in QUERIES if query.caller == "rules"}
"""Queries whose door is duewatch.compliance: their parameters come from a rule of a pack, not from a caller."""
RULES = {each.query: each for pack in load_packs().values() for each in compile_pack(pack, Settings())}
PARAMS = {name: param for each in RULES.values() for name, param in each.params.items()} | {
    "preference": "agreed_hours"
}
FORBIDDEN = (
    # the clock, time zones and weekdays mean different things in different engines, or on different days
    exp.CurrentDate,
    exp.CurrentTimestamp,
    exp.CurrentTime,
    exp.AtTimeZone,
    exp.DayOfWeek,
    exp.DayOfWeekIso,
    exp.Rand,
    exp.Create,
    exp.Insert,
    exp.Update,
    exp.Delete,
    exp.Drop,
    exp.Command,
)
FORBIDDEN_FUNCTIONS = {"now", "today", "getvariable", "random", "uuid", "isodow", "timezone", "time_bucket", "query"}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> DuckDBEngine:
    days = (date(2026, 9, 30), date(2026, 10, 31))
    return engine_over(
        tmp_path_factory.mktemp("book"),
        accounts=[account(1), account(2)],
        snapshots=[snapshot(key, day, 5 * key, "100.00") for key in (1, 2) for day in days],
    )


def test_there_are_queries_to_judge() -> None:
    assert len(QUERIES) >= 200
    assert len(COMPILED) >= 20


def test_every_column_of_a_query_has_a_heading_in_both_languages() -> None:
    """An Excel file is for people: it may hold any column of the query behind a page."""
    assert [query.name for query in QUERIES if not query.columns] == []
    columns = {column.name for query in QUERIES for column in query.columns}
    assert [name for name in columns for language in LANGUAGES if heading(words_in(language), name) is None] == []


def test_the_column_dictionary_holds_the_columns_of_queries_alone_in_order() -> None:
    columns = {column.name for query in QUERIES for column in query.columns}
    assert sorted(column_dictionary().keys() - columns) == []
    assert list(column_dictionary()) == sorted(column_dictionary())


def test_a_column_of_several_types_has_none_in_the_dictionary() -> None:
    types: dict[str, set[str]] = {}
    for query in QUERIES:
        for column in query.columns:
            types.setdefault(column.name, set()).add(column.type)
    declared = {name: {column.type} for name, column in column_dictionary().items() if column.type}
    assert {name: types[name] for name, kind in declared.items() if types[name] != kind} == {}


def test_a_query_returns_the_columns_its_header_promises(engine: DuckDBEngine) -> None:
    assert [fault for query in QUERIES for fault in _broken_promises(query, engine)] == []


def _broken_promises(query: QueryFile, engine: DuckDBEngine) -> Iterator[str]:
    try:
        described = engine.described(query.name, WHOLE_BOOK)
    except Exception as error:  # noqa: BLE001 - whatever the engine says of it
        yield f"{query.name}: {error}"
        return
    if [name for name, _ in described] != [column.name for column in query.columns]:
        yield f"{query.name} returns {', '.join(name for name, _ in described)}"
        return
    for (name, sql_type), column in zip(described, query.columns, strict=True):
        if sql_type not in TYPES[column.type]:
            yield f"{query.name}.{name} is {sql_type}, its header says {column.type}"


def test_a_query_uses_exactly_the_parameters_its_header_names() -> None:
    named = {query.name: {param.name for param in query.params} for query in QUERIES}
    used = {query.name: set(re.findall(r"\$(\w+)", query.sql)) for query in QUERIES}
    assert {name: named[name] ^ used[name] for name in named if named[name] != used[name]} == {}


def test_the_default_of_a_parameter_is_of_its_type() -> None:
    assert [fault for query in QUERIES for fault in _wrong_defaults(query)] == []


def _wrong_defaults(query: QueryFile) -> Iterator[str]:
    for param in query.params:
        try:
            param.value_of(param.default) if param.default is not None else None
        except QueryError as error:
            yield f"{query.name}: {error}"


def test_no_parameter_has_the_name_of_an_option_of_the_command() -> None:
    options = {option.lstrip("-").replace("-", "_") for param in query_command.params for option in param.opts}
    assert {query.name: names for query in QUERIES if (names := options & {param.name for param in query.params})} == {}


def test_every_parameter_that_is_no_day_and_no_switch_says_what_it_may_be() -> None:
    """A list, a range, or why it is open; else a mistyped code is answered with another number. What a rule of a pack
    sets is judged when the pack is read."""
    assert [fault for query in QUERIES if query.name not in COMPILED for fault in _unlimited(query)] == []


def _unlimited(query: QueryFile) -> Iterator[str]:
    defaults = {param.name: param.value_of(param.default) for param in query.params if param.default is not None}
    book_codes = {"buckets": ("M0", "M1", "M2"), "overdue_buckets": ("M1", "M2")}
    for param in query.params:
        kinds = {"text": ("one of", "some of", "open"), "date": ("", "range"), "boolean": ("",)}
        if param.kind not in kinds.get(param.type, ("range",)):
            yield f"{query.name}.{param.name}: '{param.allowed}' does not limit {param.type}"
        elif param.kind == "open" and len(param.allowed.split()) < 5:
            yield f"{query.name}.{param.name}: '{param.allowed}' does not say why"
        elif param.default is not None:
            param.check(defaults[param.name], defaults, book_codes, query.name)


def test_a_parameter_is_limited_alike_in_a_query_and_in_what_it_uses() -> None:
    """The one that stands first is the one that is checked."""
    assert [fault for query in QUERIES if query.name not in COMPILED for fault in _limited_twice(query)] == []


def _limited_twice(query: QueryFile) -> Iterator[str]:
    """A used query of which a part is another here has the parameters of that one."""
    limits, aliases = {param.name: param.allowed for param in query.params}, {alias for _, alias in query.uses}
    for used in (query_file(name) for name, _ in query.uses):
        for param in used.params if aliases.isdisjoint(alias for _, alias in used.uses) else ():
            if param.allowed != limits[param.name]:
                yield f"{query.name}.{param.name}: '{limits[param.name]}', but '{param.allowed}' in {used.name}"


def test_explore_offers_the_dimensions_that_its_units_can_be_placed_by() -> None:
    limits = {param.name: param.codes for param in query_file("explore/placed_units").params}
    assert limits["dim_1"] == limits["dim_2"]
    assert set(limits["dim_1"]) == {"none", *DIMENSIONS}


def test_the_reads_are_what_the_headers_say() -> None:
    written = (PROJECT_ROOT / "duewatch" / "reads.py").read_text(encoding="utf-8")
    assert written == reads_module(), "stale: run 'make docs'"


def test_every_macro_is_called() -> None:
    paths = [*(query.path for query in QUERIES), *FOLDER.glob("*.sql")]
    called = {name for path in paths for name in re.findall(r"\bmacros\.(\w+)", path.read_text(encoding="utf-8"))}
    assert sorted(set(macro_names()) - called) == []


def test_a_query_stays_inside_the_portable_subset() -> None:
    assert {query.name: faults for query in QUERIES if (faults := _not_portable(query))} == {}


def _not_portable(query: QueryFile) -> list[str]:
    statements = sqlglot.parse(query.own_sql, read="duckdb")
    tree = statements[0]
    if len(statements) != 1 or not isinstance(tree, exp.Query):
        return [f"{len(statements)} statements, the first a {type(tree).__name__}"]
    found = [type(node).__name__ for node in tree.walk() if isinstance(node, FORBIDDEN)]
    return found + [node.name for node in tree.find_all(exp.Anonymous) if node.name.lower() in FORBIDDEN_FUNCTIONS]


def test_a_query_reads_only_the_books_tables_by_their_bare_name() -> None:
    assert [f"{query.name}: {table}" for query in QUERIES for table in _strange_tables(query)] == []


def _strange_tables(query: QueryFile) -> Iterator[str]:
    """Tables that go round the scope's views, or that no book has."""
    tree = sqlglot.parse_one(query.own_sql, read="duckdb")
    known = {cte.alias for cte in tree.find_all(exp.CTE)} | {alias for _, alias in query.uses} | set(BOOK_TABLES)
    for table in tree.find_all(exp.Table):
        if table.db or table.catalog or table.name not in known:
            yield table.sql()


def test_no_scope_means_no_rows(engine: DuckDBEngine) -> None:
    assert [query.name for query in QUERIES if not _shows_nothing(query, engine)] == []


def _shows_nothing(query: QueryFile, engine: DuckDBEngine) -> bool:
    """No rows, or, of a query that always returns its rows (gaps of the contact log), nothing counted in them."""
    frame = engine.run(query.name, _values(query), NO_SCOPE)
    counts = [column for column in frame.columns if column.startswith("n_")]
    return frame.is_empty() or (bool(counts) and all(frame[column].sum() == 0 for column in counts))


@pytest.mark.parametrize("kind", sorted(SPECS))
def test_a_rule_fills_the_parameters_of_its_kind(kind: str) -> None:
    """Exactly: none left open, none that the query does not know. No shipped pack has a rule of preferences yet."""
    query = f"compliance/{kind}"
    if query not in RULES:
        assert kind == "respect_preferences"
        return
    assert set(RULES[query].params) == {param.name for param in query_file(query).params}


def _values(query: QueryFile) -> dict[str, object]:
    given: dict[str, object] = {
        "as_of": date(2026, 10, 31),
        "from_date": date(2026, 9, 30),
        "to_date": date(2026, 10, 31),
        "bucket": "M1",
        "from_bucket": "M1",
        "to_bucket": "M1",
        "component": "opening",
        "entry_bucket": "M1",
        "cohort": date(2026, 10, 1),
        "days_since_entry": 30,
        "on_day": date(2026, 10, 31),
        "on_isodow": 6,
        "finding_key": "none",
        "gap": "midnight_stamp",
        "account_id": "A1",
        "group_name": "K0001",
        "split_on": date(2026, 10, 15),
        "hours_from": 8,
        "hours_to": 21,
        "late_from_days": 91,
        "within_days": 30,
        "hold_dispute_days": 7,
        "hold_promise_days": 7,
    }
    if query.name in COMPILED:
        rule = RULES["compliance/count_cap"]
        given |= PARAMS | findings_params(rule, ("breach",), (date(2026, 1, 1), date(2026, 12, 31)))
        given |= {"countries": "CN", "jurisdiction": coverage_params([rule])["jurisdiction"]}
    return {param.name: given[param.name] for param in query.params if param.name in given}


def test_a_query_is_short_enough_to_read() -> None:
    """As it is written, its header aside."""
    texts = {query.name: query.path.read_text(encoding="utf-8") for query in QUERIES}
    lines = {name: len(re.sub(r"\A(--.*\n)+", "", text).splitlines()) for name, text in texts.items()}
    assert {name: n for name, n in lines.items() if n > 150} == {}


def test_pages_and_app_hold_no_sql() -> None:
    paths = [PROJECT_ROOT / "app.py", *(PROJECT_ROOT / "pages").glob("*.py")]
    paths += (PROJECT_ROOT / "duewatch" / "ui").rglob("*.py")
    sql = re.compile(r"(?i)\bselect\s.+\sfrom\s")
    assert [str(path) for path in paths if sql.search(path.read_text(encoding="utf-8"))] == []
