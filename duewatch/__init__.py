"""Duewatch watches what is due and due process: the overdue book and how debtors were contacted."""

import os
from importlib import import_module
from typing import Any

__version__ = "0.1.0"
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""One thread of linear algebra, where numpy is not loaded yet: beside other work its threads wait for each other, and
a fit of the what-if model takes eight times as long."""

IN_NOTEBOOKS = ("open_book", "ask", "metric", "chart")
"""What `import duewatch` gives in a notebook; loaded when it is first used, so that a command need not."""


def __getattr__(name: str) -> Any:
    if name in IN_NOTEBOOKS:
        return getattr(import_module("duewatch.notebook.open_book"), name)
    raise AttributeError(f"module 'duewatch' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*globals(), *IN_NOTEBOOKS])
