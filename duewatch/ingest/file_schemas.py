"""Writes the JSON schema of each TOML file that a lender edits to docs/schemas/ (`make docs`), for editors."""

from __future__ import annotations

import json

from pydantic import TypeAdapter

from duewatch.compliance.pack_coverage import CoverageFile
from duewatch.compliance.pack_types import PackFile
from duewatch.compliance.process_rules import process_file_type
from duewatch.compliance.scorecard import Scorecard
from duewatch.contract.settings import PROJECT_ROOT, Settings
from duewatch.sources.mapping import Mapping

SCHEMAS = PROJECT_ROOT / "docs" / "schemas"
TYPES: dict[str, type] = {
    "coverage": CoverageFile,
    "mapping": Mapping,
    "process": process_file_type(),
    "risk_grade": Scorecard,
    "rule_pack": PackFile,
    "settings": Settings,
}
"""Name of a schema file to the type of the TOML file it describes."""


def schema_text(type_: type) -> str:
    return json.dumps(TypeAdapter(type_).json_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name, type_ in TYPES.items():
        (SCHEMAS / f"{name}.json").write_text(schema_text(type_), encoding="utf-8")
