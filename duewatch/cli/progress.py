"""Progress of long work: on a terminal only, so that a pipe stays quiet."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    if sys.stderr.isatty():
        print(text, file=sys.stderr)
