"""The JSON schemas under docs/schemas/ are those of the types."""

from __future__ import annotations

import pytest

from duewatch.ingest.file_schemas import SCHEMAS, TYPES, schema_text


@pytest.mark.parametrize("name", TYPES)
def test_a_schema_is_what_its_type_says(name: str) -> None:
    written = (SCHEMAS / f"{name}.json").read_text(encoding="utf-8")
    assert written == schema_text(TYPES[name]), "run 'make docs'"


def test_every_schema_has_a_type() -> None:
    assert {path.stem for path in SCHEMAS.glob("*.json")} == set(TYPES)
