"""Engines run a named query for a scope; nothing above this room knows which engine it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Protocol

import polars as pl

from duewatch.contract.scope import Scope

Scalar = date | int | float | Decimal | str | bool | None
Params = Mapping[str, Scalar]


class Ask(Protocol):
    """Answers one named query with its parameters, for a scope and book already chosen."""

    def __call__(self, name: str, params: Params) -> pl.DataFrame: ...


class Engine(Protocol):
    """Runs a named query over one published book. Raises QueryError, QueryTooSlowError or BookError."""

    def run(self, name: str, params: Params, scope: Scope) -> pl.DataFrame: ...
