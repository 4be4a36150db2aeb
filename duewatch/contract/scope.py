"""Who may see which rows. No scope means no rows.

A `Scope` is made from what a person is granted and narrowed by what they pick in the page; it never widens.
The engine turns it into views that shadow the book's tables, so a query file says `from accounts` and cannot
forget the filter.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date

Values = tuple[str, ...] | None
"""None is all values, the empty tuple is none."""


@dataclass(frozen=True)
class Scope:
    """Accounts whose branch, product and currency are all among the given ones. An account with an empty
    branch is seen only by those who see all branches. `may_see_rejects`: rejected rows belong to no account, so only a
    whole-book grant shows them. `may_see_private`: may open the private file. `known_on`: payments, contacts, flags and
    the rest only as far as the lender knew them by the end of that day; None: all that the book knows."""

    branches: Values = ()
    products: Values = ()
    currencies: Values = ()
    may_see_rejects: bool = False
    may_see_private: bool = False
    known_on: date | None = None

    def narrowed(
        self,
        *,
        branches: Values = None,
        products: Values = None,
        currencies: Values = None,
        known_on: date | None = None,
    ) -> Scope:
        """This scope with only what is also in the picked values (None picks all), known by the earlier day."""
        return replace(
            self,
            known_on=min((day for day in (self.known_on, known_on) if day), default=None),
            branches=_both(self.branches, branches),
            products=_both(self.products, products),
            currencies=_both(self.currencies, currencies),
        )

    @property
    def is_empty(self) -> bool:
        return () in (self.branches, self.products, self.currencies)

    @property
    def key(self) -> str:
        """A text that is equal exactly where the scopes are: part of every cache key."""
        return repr([(field.name, getattr(self, field.name)) for field in fields(self)])


NO_SCOPE = Scope()
WHOLE_BOOK = Scope(None, None, None, may_see_rejects=True)


def _both(granted: Values, picked: Values) -> Values:
    if picked is None:
        return granted
    chosen = set(picked) if granted is None else set(picked) & set(granted)
    return tuple(sorted(chosen))
