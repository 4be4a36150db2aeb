"""Progress of long work: on a terminal only, so that a pipe stays quiet."""

from __future__ import annotations

import os
import sys

ALWAYS = "always"


def say(text: str) -> None:
    """DUEWATCH_PROGRESS=always tells it to a pipe too."""
    if sys.stderr.isatty() or os.environ.get("DUEWATCH_PROGRESS") == ALWAYS:
        print(text, file=sys.stderr, flush=True)
