"""The registry of metrics: every number on a page, declared once in `queries/metrics.toml`."""

from __future__ import annotations

import tomllib
from typing import Any

from duewatch.contract.errors import QueryError
from duewatch.contract.settings import PROJECT_ROOT
from duewatch.metrics.metric import OF_ACCOUNT, OF_PROMISE, Metric, Rows, Segments, Units

FILE = PROJECT_ROOT / "queries" / "metrics.toml"
DIMENSION_GROUPS = {"account": OF_ACCOUNT, "promise": OF_PROMISE}
"""Names that stand for several dimensions in `dims`."""


def metrics_in(text: str) -> dict[str, Metric]:
    """Metrics by their id, in the order of the file. Raises QueryError naming the metric and the key that is wrong."""
    try:
        file = tomllib.loads(text)
        declared = file["metrics"].items()
    except (tomllib.TOMLDecodeError, KeyError, AttributeError) as error:
        raise QueryError(f"is not a file of metrics: {error}", where=FILE.name) from None
    return {metric_id: _metric(metric_id, dict(keys), file.get("sources", {})) for metric_id, keys in declared}


def _metric(metric_id: str, keys: dict[str, Any], sources: dict[str, str]) -> Metric:
    try:
        source = sources[keys.pop("source")]
        explore, rate_mix, rows = (keys.pop(name, None) for name in ("explore", "rate_mix", "rows"))
        return Metric(
            metric_id,
            source=source,
            explore=_units(explore) if explore else None,
            rows=Rows(**rows | {"hidden": tuple(rows.get("hidden", ()))}) if rows else None,
            rate_mix=Segments(**rate_mix | {"by": tuple(rate_mix["by"])}) if rate_mix else None,
            **keys,
        )
    except (KeyError, TypeError) as error:
        raise QueryError(f"{metric_id} is not declared in full: {error}", where=FILE.name) from None


def _units(keys: dict[str, Any]) -> Units:
    dims = tuple(dim for name in keys["dims"] for dim in DIMENSION_GROUPS.get(name, (name,)))
    sums = tuple(keys.get("sums", ("count", "count")))
    return Units(**keys | {"dims": dims, "sums": sums})


METRICS = metrics_in(FILE.read_text(encoding="utf-8"))
EXPLORABLE = {metric.id: metric for metric in METRICS.values() if metric.explore}
"""Metrics that can be cut by a dimension."""
RATIOS = {metric.id: metric for metric in METRICS.values() if metric.rate_mix}
"""Ratios whose change is taken apart into rate and mix."""
