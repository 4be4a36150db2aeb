"""Duewatch watches what is due and due process: the overdue book and how debtors were contacted."""

import os

__version__ = "0.1.0"
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""One thread of linear algebra, where numpy is not loaded yet: beside other work its threads wait for each other, and
a fit of the what-if model takes eight times as long."""
