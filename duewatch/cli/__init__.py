"""The command line: a module a command, over the same engine that pages use."""

from __future__ import annotations


def main() -> None:
    """What `python -m duewatch` runs."""
    from duewatch.cli.program import main as program  # here, so that a module of this folder loads alone

    program()
