"""The pickers of the sidebar: language, day, currency, products, branches. Each writes itself to the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl
import streamlit as st

from duewatch.books.published import Book
from duewatch.contract.i18n import LANGUAGES, Words
from duewatch.engines import Ask
from duewatch.reads import portfolio
from duewatch.ui.shell import address
from duewatch.ui.shell.address import RefusedValues

KNOWN = ("now", "then")


@dataclass(frozen=True)
class Picks:
    """What is picked, and what could be."""

    as_of: date | None
    known: str
    """One of KNOWN: all that the book knows, or what was known on the as-of day."""
    days: tuple[date, ...]
    """Snapshot days, oldest first."""
    currency: str
    currencies: tuple[str, ...]
    products: list[str]
    """Empty: all."""
    all_products: tuple[str, ...]
    branches: list[str]
    """Empty: all."""
    all_branches: tuple[str, ...]
    refused: RefusedValues = field(default_factory=RefusedValues)


def picks_of(ask: Ask, parameters: dict[str, list[str]]) -> Picks:
    """The picks that an address names, within what this person's scope of the book has."""
    choices = portfolio.scope_choices(ask)
    days = tuple(portfolio.snapshot_days(ask)["as_of"].to_list())
    refused = RefusedValues()
    currencies = most_accounts_first(choices, "currency")
    products, branches = _by_name(choices, "product"), _by_name(choices, "branch")
    address.option_in_address("lang", list(LANGUAGES), "en", parameters, refused)
    as_of = address.option_in_address(
        "as_of", [day.isoformat() for day in days], str(days[-1]) if days else "", parameters, refused
    )
    return Picks(
        as_of=date.fromisoformat(as_of) if as_of else None,
        known=address.option_in_address("known", KNOWN, KNOWN[0], parameters, refused),
        days=days,
        currency=address.option_in_address(
            "currency", currencies, currencies[0] if currencies else "XXX", parameters, refused
        ),
        currencies=currencies,
        products=address.options_in_address("product", products, parameters, refused),
        all_products=products,
        branches=address.options_in_address("branch", branches, parameters, refused),
        all_branches=branches,
        refused=refused,
    )


def draw_pickers(words: Words, book_and_picks: tuple[Book, Picks] | None) -> None:
    """Draw into the sidebar; without a book only the language can be picked."""
    if book_and_picks is not None:
        _draw_scope(words, book_and_picks[1])
    _draw_one(words("pick.lang"), "lang", list(LANGUAGES), words.language, LANGUAGES.__getitem__)
    if book_and_picks is not None:
        _draw_foot(words, *book_and_picks)


def _draw_scope(words: Words, picks: Picks) -> None:
    if picks.as_of is not None:
        days = [day.isoformat() for day in reversed(picks.days)]
        _draw_one(words("pick.as_of"), "as_of", days, picks.as_of.isoformat())
        _draw_one(words("pick.known"), "known", KNOWN, picks.known, lambda known: words(f"pick.known_{known}"))
        if picks.known == "then":
            st.caption(words("pick.known_note"))
    if len(picks.currencies) > 1:
        _draw_one(words("pick.currency"), "currency", picks.currencies, picks.currency)
    if len(picks.all_products) > 1:
        _draw_many(words("pick.product"), "product", picks.all_products, picks.products, words("pick.all"))
    if len(picks.all_branches) > 1:
        _draw_many(words("pick.branch"), "branch", picks.all_branches, picks.branches, words("pick.all"))


def _draw_foot(words: Words, book: Book, picks: Picks) -> None:
    lines = [
        words("foot.data_up_to", day=picks.days[-1].isoformat() if picks.days else "—"),
        words("foot.book", version=book.version),
        words("foot.built", at=book.manifest.built_at[:16].replace("T", " ")),
    ]
    st.caption("  \n".join(lines))


def _draw_one(
    label: str, name: str, options: Sequence[str], value: str, option_text: Callable[[str], str] = str
) -> None:
    """A pick that always stands in the address, the default too: a link shows the same page tomorrow, and Back returns
    to the pick before."""
    key = f"pick_{name}"
    st.session_state[key] = value
    if not st.query_params.get_all(name):
        address.pick(name, [value])
    st.selectbox(label, options, key=key, format_func=option_text, on_change=_write_one, args=(name,))


def _draw_many(label: str, name: str, options: Sequence[str], values: list[str], placeholder: str) -> None:
    key = f"pick_{name}"
    st.session_state[key] = values
    st.multiselect(label, options, key=key, placeholder=placeholder, on_change=_write_many, args=(name,))


def _write_one(name: str) -> None:
    address.pick(name, [st.session_state[f"pick_{name}"]])


def _write_many(name: str) -> None:
    address.pick(name, st.session_state[f"pick_{name}"])


def most_accounts_first(choices: pl.DataFrame, column: str) -> tuple[str, ...]:
    """Values of a column of scope_choices, the one with the most accounts first."""
    sizes = (
        choices.group_by(column).agg(pl.col("n_accounts").sum()).sort(["n_accounts", column], descending=[True, False])
    )
    return tuple(sizes[column].to_list())


def _by_name(choices: pl.DataFrame, column: str) -> tuple[str, ...]:
    return tuple(choices[column].drop_nulls().unique().sort().to_list())
