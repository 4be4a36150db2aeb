"""Told on stderr before an answer: which packs were compared with their source too long ago."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from duewatch.compliance.pack_types import Pack
from duewatch.compliance.stale_packs import stale_sentence
from duewatch.contract.settings import Settings


def tell_stale(packs: Iterable[Pack], settings: Settings) -> None:
    """Nothing where no pack is stale today."""
    told = stale_sentence(packs, datetime.now(UTC).date(), settings.pack_stale_days)
    if told:
        print(told, file=sys.stderr)
