"""Frames in memory for the next run of a page, bounded by bytes.

One answer of a large book can be as large as a thousand small ones, so a bound on their number would not hold. The keys
are scalars (see book_service.py).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import polars as pl

Key = tuple[str, ...]


class FrameCache:
    """Beyond `most_bytes` the least recently used go first. Safe between threads; two that ask the same at once wait
    for one answer."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.n_bytes = 0
        self._frames: OrderedDict[Key, tuple[pl.DataFrame, int]] = OrderedDict()
        self._locks: dict[Key, threading.Lock] = {}
        self._lock = threading.Lock()

    def answer(self, key: Key, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """The kept answer, or a new one from `make`. The caller gets a frame of its own over the same columns."""
        frame = self._cached(key)
        if frame is not None:
            return frame
        with self._lock:
            making = self._locks.setdefault(key, threading.Lock())
        try:
            with making:
                frame = self._cached(key)
                if frame is None:
                    frame = make()
                    self._keep(key, frame)
        finally:
            with self._lock:
                self._locks.pop(key, None)
        return frame.clone()

    def clear(self) -> None:
        with self._lock:
            self._frames.clear()
            self.n_bytes = 0

    def _cached(self, key: Key) -> pl.DataFrame | None:
        with self._lock:
            if key not in self._frames:
                return None
            self._frames.move_to_end(key)
            return self._frames[key][0].clone()

    def _keep(self, key: Key, frame: pl.DataFrame) -> None:
        size = int(frame.estimated_size())
        with self._lock:
            _, before = self._frames.pop(key, (frame, 0))
            self._frames[key] = (frame, size)
            self.n_bytes += size - before
            while self.n_bytes > self.most_bytes:
                _, (_, freed) = self._frames.popitem(last=False)
                self.n_bytes -= freed
