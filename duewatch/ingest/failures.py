"""What can go wrong with disk, memory and engine while a book is built, as one plain sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from duewatch.contract.errors import BookError

LONGEST = 200
STAYS = "the book before it stays"


@contextmanager
def plain_failures(books: Path) -> Iterator[None]:
    """Failures of the machine become BookError. A full disk reaches us as OSError, or as an error of Polars or
    DuckDB; Ctrl-C inside a DuckDB statement as RuntimeError."""
    try:
        yield
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise _error(books, error, "raise memory_limit in duewatch.toml, or load on a larger machine") from error
    except (OSError, duckdb.Error, pl.exceptions.PolarsError) as error:
        raise _error(books, error, "free some space or check the folder's rights") from error
    except AssertionError as error:
        raise BookError(f"the new book was not published: {error}", next_step=f"report this; {STAYS}") from error
    except RuntimeError as error:
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from None
        raise


def _error(books: Path, error: BaseException, next_step: str) -> BookError:
    sentence = getattr(error, "strerror", None) or str(error).strip() or type(error).__name__
    what = f"the book could not be written ({sentence.splitlines()[0][:LONGEST].rstrip('.')})"
    return BookError(what, where=str(books), next_step=f"{next_step}; {STAYS}")
