"""A scope narrowed to branches, products and currencies that the book has: a mistyped one is refused, not answered with
no rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from duewatch.contract.errors import QueryError
from duewatch.contract.scope import Scope
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.engines.parameters import nearest

COLUMNS = {"branches": "branch", "products": "product", "currencies": "currency"}


def narrowed_scope(
    engine: DuckDBEngine,
    scope: Scope,
    *,
    branches: Sequence[str] = (),
    products: Sequence[str] = (),
    currencies: Sequence[str] = (),
    known_on: date | None = None,
) -> Scope:
    """The scope with only these; none given leaves all. Raises QueryError naming a value that no account of it has."""
    wanted = {"branches": tuple(branches), "products": tuple(products), "currencies": tuple(currencies)}
    if any(wanted.values()):
        choices = engine.run("portfolio/scope_choices", {}, scope)
        for name, values in wanted.items():
            known = tuple(choices[COLUMNS[name]].drop_nulls().unique().sort().to_list())
            for value in values:
                if value not in known:
                    raise QueryError(f"no account has the {COLUMNS[name]} '{value}'", next_step=nearest(value, known))
    return scope.narrowed(**{name: values or None for name, values in wanted.items()}, known_on=known_on)
