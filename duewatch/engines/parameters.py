"""Parameters of queries: what a header declares of each, and a value refused that the header does not allow.

Below a parameter's meaning its header says what it may be, in one line (more lines of the list may follow):

    --     one of: M0, product.status, all       one word of a list
    --     some of: contacts.channel             words with commas between them
    --     range: 0 to 60                        a number, or a day between two others; `range: 1 up` has no upper end
    --     open: why any value may be asked for

In a list `contacts.channel` stands for the codes that the contract gives that column, `buckets` for the aging buckets
of the book, and so on (BOOK_WORDS). In a range the name of another parameter stands for its value.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from duewatch.contract.errors import QueryError
from duewatch.contract.schema import BOOK_TABLES
from duewatch.engines import Scalar

ONE_OF, SOME_OF, RANGE, OPEN = KINDS = ("one of", "some of", "range", "open")
BOOK_WORDS = {
    "buckets": "M0 to M7+",
    "overdue_buckets": "M1 to M7+",
    "packs": "a rule pack of the book",
    "rules": "a rule of the book",
    "process_rules": "a process rule of the book",
    "source_tables": "a table of the source contract",
}
"""Words that stand for codes which each book has of its own, and how a header's reader is told of them."""
BookCodes = Mapping[str, tuple[str, ...]]
"""What BOOK_WORDS stand for in one book."""


@dataclass(frozen=True)
class Parameter:
    name: str
    type: str
    meaning: str
    default: str | None = None
    allowed: str = ""
    """What the header says it may be, as written: `one of: kept, cured`. Empty: nothing is said."""

    @property
    def kind(self) -> str:
        """How `allowed` is to be read: one of KINDS, or nothing."""
        return self.allowed.partition(":")[0]

    @property
    def codes(self) -> tuple[str, ...]:
        """The words of its list, those of BOOK_WORDS as they are; none where it has no list."""
        return self._codes({})

    @property
    def ends(self) -> tuple[str, str | None]:
        """Lower and upper end of its range as written: numbers or names of parameters. None: it has no upper end."""
        low, _, high = self.allowed.partition(": ")[2].partition(" to ")
        return low.removesuffix(" up"), high or None

    @property
    def told(self) -> str:
        """What it may be, in words for a person; empty where any value may be asked for."""
        words = ", ".join(BOOK_WORDS.get(code, code) for code in self.codes)
        if self.kind == RANGE:
            low, high = self.ends
            return f"{low} or more" if high is None else f"{low} to {high}"
        return {ONE_OF: f"one of {words}", SOME_OF: f"some of {words}, with commas between them"}.get(self.kind, "")

    def value_of(self, text: str) -> Scalar:
        """Text from a command line or an address, as the parameter's type. Raises QueryError."""
        try:
            return _READERS[self.type](text)
        except (ValueError, InvalidOperation):
            raise QueryError(
                f"'{text}' is not {_AN[self.type]}", where=f"parameter {self.name}", next_step=_SAY[self.type]
            ) from None

    def check(self, value: Scalar, others: Mapping[str, Scalar], book_codes: BookCodes | None, query: str) -> None:
        """Raises QueryError, naming the parameter of `query`, for a value that the header does not allow. `others`:
        all parameters with their values. `book_codes` None: the book is not known yet, nor its own codes judged."""
        where = f"{query}, parameter {self.name}"
        if self.kind == RANGE:
            self._check_range(value, others, where)
        elif self.kind in (ONE_OF, SOME_OF):
            codes = self._codes(book_codes or {})
            if book_codes is None and not BOOK_WORDS.keys().isdisjoint(codes):
                return
            for word in str(value).split(",") if self.kind == SOME_OF and value else [value]:
                if word not in codes:
                    raise QueryError(f"there is no value '{word}'", where=where, next_step=nearest(str(word), codes))

    def _codes(self, book_codes: BookCodes) -> tuple[str, ...]:
        """The words of a list, those of the contract and of the book put in."""
        if self.kind not in (ONE_OF, SOME_OF):
            return ()
        words = [word.strip() for word in self.allowed.partition(":")[2].split(",")]
        return tuple(code for word in words for code in book_codes.get(word, _codes_of(word)))

    def _check_range(self, value: Scalar, others: Mapping[str, Scalar], where: str) -> None:
        low, high = ((others[end] if end in others else self.value_of(end)) if end else None for end in self.ends)
        number: Any = value
        is_known = isinstance(value, date) or (value is not None and math.isfinite(number))
        if not (is_known and low <= number and (high is None or number <= high)):
            reach = f"{low} or more" if high is None else f"{low} to {high}"
            raise QueryError(f"{value} is out of range", where=where, next_step=f"give {reach}")


@cache
def _codes_of(word: str) -> tuple[str, ...]:
    """The contract's codes of `table.column`; any other word is itself."""
    table, dot, column = word.partition(".")
    return BOOK_TABLES[table].column(column).codes if dot else (word,)


def nearest(word: str, codes: tuple[str, ...]) -> str:
    """What may have been meant, and all that there is."""
    by_small = {code.lower().replace("-", "_"): code for code in codes}
    near = difflib.get_close_matches(word.lower().replace("-", "_"), by_small, n=1, cutoff=0.5)
    hint = f"did you mean '{by_small[near[0]]}'? It" if near else "it"
    return f"{hint} takes {', '.join(codes)}"


def _boolean(text: str) -> bool:
    booleans = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    return booleans[text.lower()] if text.lower() in booleans else _refuse(text)


def _refuse(text: str) -> bool:
    raise ValueError(text)


_READERS: dict[str, Callable[[str], Scalar]] = {
    "text": str,
    "date": date.fromisoformat,
    "integer": int,
    "money": Decimal,
    "ratio": float,
    "boolean": _boolean,
}
_AN = {
    "text": "text",
    "date": "a date",
    "integer": "a whole number",
    "money": "an amount",
    "ratio": "a number",
    "boolean": "true or false",
}
_SAY = {
    "text": "give text",
    "date": "write it as 2026-10-31",
    "integer": "write it as 30",
    "money": "write it as 1234.50",
    "ratio": "write it as 0.95",
    "boolean": "write true or false",
}
