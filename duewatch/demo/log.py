"""Growing columns: the simulation appends batches of rows, the writer takes them as whole arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from duewatch.demo.timeline import Ints


class Log:
    """Rows of integers in named columns. A column that a batch leaves out takes its default."""

    def __init__(self, **defaults: int) -> None:
        self.defaults = defaults
        self.n_rows = 0
        self._batches: dict[str, list[Ints]] = {name: [] for name in defaults}

    def add(self, n: int, **columns: Any) -> Ints:
        """Append `n` rows; a column is an array of n or one number. Returns the numbers of the new rows."""
        unknown = set(columns) - set(self.defaults)
        if unknown:
            raise KeyError(f"no such column: {sorted(unknown)}")
        for name, default in self.defaults.items():
            values = np.asarray(columns.get(name, default), dtype=np.int64)
            self._batches[name].append(np.broadcast_to(values, (n,)))
        first, self.n_rows = self.n_rows, self.n_rows + n
        return np.arange(first, self.n_rows, dtype=np.int64)

    def column(self, name: str) -> Ints:
        batches = self._batches[name]
        if len(batches) > 1:
            batches[:] = [np.concatenate(batches)]
        return np.array(batches[0]) if batches else np.zeros(0, dtype=np.int64)
