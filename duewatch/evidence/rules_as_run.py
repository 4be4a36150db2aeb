"""The queries behind the findings: the SQL of each rule's kind, and the parameters that a rule fills it with."""

from __future__ import annotations

import polars as pl

from duewatch.compliance.compiled_rules import Compiled, compile_pack
from duewatch.compliance.packs import load_packs
from duewatch.contract.errors import RuleError
from duewatch.contract.settings import Settings
from duewatch.engines.query_files import query_file

PARAMETERS = {
    "rule_id": pl.String,
    "effective_from": pl.Date,
    "query": pl.String,
    "parameter": pl.String,
    "value": pl.String,
}
LINES = {"query": pl.String, "line": pl.Int64, "sql": pl.String}


def parameters(rules: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """One row per rule version of `rules` (rules_applied) and parameter. A version whose pack file is no longer the one
    that the book was judged by has none: what was run then cannot be told from another file."""
    versions = _on_disk(settings)
    rows: list[tuple[object, ...]] = []
    for rule in rules.iter_rows(named=True):
        version = versions.get((rule["rule_id"], rule["effective_from"], rule["pack_sha256"]))
        if version:
            key = version.rule.id, version.rule.effective_from, version.query
            rows += [(*key, name, str(value)) for name, value in sorted(version.params.items())]
    return pl.DataFrame(rows, schema=PARAMETERS, orient="row")


def sql_lines(rules: pl.DataFrame) -> pl.DataFrame:
    """The SQL of each kind of rule among `rules`, line by line, what it uses in front."""
    names = sorted({f"compliance/{kind}" for kind in rules["kind"].to_list()})
    rows = [(name, n, line) for name in names for n, line in enumerate(query_file(name).sql.splitlines(), start=1)]
    return pl.DataFrame(rows, schema=LINES, orient="row")


def changed_since(rules: pl.DataFrame, parameters_shown: pl.DataFrame) -> list[str]:
    """Rules of which `parameters` could tell nothing."""
    version = ("rule_id", "effective_from")
    return sorted(set(rules.join(parameters_shown, on=version, how="anti")["rule_id"].to_list()))


def _on_disk(settings: Settings) -> dict[tuple[object, ...], Compiled]:
    try:
        packs = load_packs()
    except RuleError:
        return {}
    return {
        (version.rule.id, version.rule.effective_from, pack.sha256): version
        for pack in packs.values()
        for version in compile_pack(pack, settings)
    }
