"""The frame around every page, and the guard that every page begins with.

With a `pages/` folder beside `app.py`, Streamlit runs a page *without* `app.py` on a fresh server's first deep link. So
nothing that guards data may live in the frame alone: a page begins with `open_page`, which makes the scope itself.
Where the frame has not run, it goes to `app.py` first and comes back with the address unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NoReturn

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from duewatch.books.published import Book
from duewatch.charts.theme import Labels
from duewatch.contract.errors import BookError, DuewatchError
from duewatch.contract.i18n import LANGUAGES, Words, words_in
from duewatch.contract.localised_errors import localised_sentence
from duewatch.contract.months import step_start
from duewatch.contract.scope import Scope
from duewatch.contract.settings import PROJECT_ROOT
from duewatch.engines import Ask
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.shell import address
from duewatch.ui.shell.access import Grant, grant_of_session
from duewatch.ui.shell.book_service import ask_of, book_in_service
from duewatch.ui.shell.pickers import Picks, draw_pickers, picks_of

PAGES = {
    "overview": "",
    "aging": "portfolio",
    "recovery": "portfolio",
    "promises": "portfolio",
    "grades": "portfolio",
    "explore": "portfolio",
    "contacts": "floor",
    "teams": "floor",
    "worklist": "floor",
    "contact_limits": "compliance",
    "third_parties": "compliance",
    "headroom": "compliance",
    "recount": "compliance",
    "process": "compliance",
    "rulebook": "compliance",
    "whatif": "strategy",
    "data_health": "data",
    "load_data": "data",
    "definitions": "data",
    "account": "",
}
"""Page (the file in pages/ and the word in the address) to its section. No icons: Streamlit would make a Material icon
the favicon and fetch it from outside."""
BY_LINK = ("account",)
"""Pages that are not in the menu: a link leads to them."""

ICON = PROJECT_ROOT / "duewatch" / "ui" / "icon.png"

_FRAME_RAN = "_frame_ran"
_LAND_ON = "_land_on"


@dataclass(frozen=True)
class PageContext:
    """All that a page may know."""

    page: str
    words: Words
    numbers: Numbers
    book: Book
    scope: Scope
    """Narrowed to what was picked and to one currency: two currencies are never added up."""
    granted: Scope
    """This person's scope before any pick."""
    ask: Ask
    picks: Picks
    days: tuple[date, ...]
    """Snapshot days, oldest first."""
    is_dark: bool

    @property
    def as_of(self) -> date:
        if self.picks.as_of is None:
            raise BookError("the book has no snapshot day", next_step="load snapshots, or instalments and payments")
        return self.picks.as_of

    @property
    def previous(self) -> date | None:
        """The snapshot day from which the step to as_of begins, a month before it; None where the book does not reach
        back so far."""
        return self.day_before(self.as_of)

    @property
    def currency(self) -> str:
        return self.numbers.currency

    @property
    def may_see_rejects(self) -> bool:
        return self.scope.may_see_rejects

    def book_key(self, *parts: object) -> str:
        """A cache key of what is the same for everybody who may see this book: the book and `parts`."""
        return repr((str(self.book.path), self.book.version, *parts))

    def scope_key(self, *parts: object) -> str:
        """A cache key of what depends on the scope too."""
        return self.book_key(self.scope.key, *parts)

    def labels(self, finding: str, *, x: str = "", y: str = "") -> Labels:
        """The words around a figure of this page, in the reader's theme. `x`, `y`: names of the axes."""
        return Labels(finding, self.is_dark, x, y)

    def day_before(self, day: date | None) -> date | None:
        """The snapshot day a month before a snapshot day (duewatch.contract.months)."""
        return step_start(self.days, day) if day is not None else None


def draw_frame() -> StreamlitPage:
    """Sidebar and menu; returns the page to run. Shows no data of the book but its own name and days."""
    words = words_in(language())
    pages = {name: _page(words, name) for name in PAGES}
    sections: dict[str, list[StreamlitPage]] = {}
    for name, section in PAGES.items():
        sections.setdefault(words(f"section.{section}") if section else "", []).append(pages[name])
    sections[""].append(_front(pages["overview"]))
    page = st.navigation(sections, expanded=True)
    target = st.session_state.pop(_LAND_ON, None)
    if target in pages:
        st.switch_page(pages[target], query_params=_address())
    with st.sidebar:
        draw_pickers(words, _picks_or_none())
    st.session_state[_FRAME_RAN] = True
    return page


def open_page(page: str, *, needs_snapshots: bool = True) -> PageContext:
    """The first line of every page: guard, then title. Stops the page with one sentence where the person is not known,
    or where there is no book or no snapshot day that the page needs."""
    if not st.session_state.pop(_FRAME_RAN, False):
        _run_the_frame_first(page)
    words = words_in(language())
    st.title(words(f"page.{page}.title"), anchor=False)
    grant, book = _grant_and_book(words)
    picks = picks_of(ask_of(book, grant.scope), address.address_parameters())
    _show_warnings(words, book, picks)
    if needs_snapshots and picks.as_of is None:
        _stop(words("guard.no_snapshots"))
    scope = grant.scope.narrowed(
        branches=tuple(picks.branches) or None,
        products=tuple(picks.products) or None,
        currencies=(picks.currency,),
        known_on=picks.as_of if picks.known == "then" else None,
    )
    numbers = Numbers(words.language, picks.currency)
    is_dark = st.context.theme.type == "dark"
    return PageContext(page, words, numbers, book, scope, grant.scope, ask_of(book, scope), picks, picks.days, is_dark)


def open_page_to_load(page: str) -> Words:
    """The first line of the page that makes books and so needs none: guard, then title. Stops the page with one
    sentence where the person may not load."""
    if not st.session_state.pop(_FRAME_RAN, False):
        _run_the_frame_first(page)
    words = words_in(language())
    st.title(words(f"page.{page}.title"), anchor=False)
    try:
        grant = grant_of_session()
    except DuewatchError as error:
        _stop(localised_sentence(words, error))
    if grant.scope.is_empty:
        _refuse(words, grant)
    if not grant.may_load:
        _stop(words("access.may_not_load"))
    return words


def _grant_and_book(words: Words) -> tuple[Grant, Book]:
    try:
        grant = grant_of_session()
        if grant.scope.is_empty:
            _refuse(words, grant)
        return grant, book_in_service()
    except BookError as error:
        _no_book(words, error)
    except DuewatchError as error:
        _stop(localised_sentence(words, error))


def _refuse(words: Words, grant: Grant) -> NoReturn:
    st.info(words(grant.refusal or "access.not_listed"), icon=":material/lock:")
    if grant.refusal == "access.sign_in" and st.button(words("access.button")):
        st.login()
    st.stop()


def _no_book(words: Words, error: BookError) -> NoReturn:
    st.markdown(f"**{words('no_book.headline')}**")
    st.markdown(words("no_book.demo"))
    st.code("make demo", language="bash")
    st.markdown(words("no_book.own"))
    st.code("python -m duewatch ingest FOLDER", language="bash")
    st.caption(localised_sentence(words, error))
    st.stop()


def _show_warnings(words: Words, book: Book, picks: Picks) -> None:
    for sentence in book.passed_over:
        st.warning(words("frame.passed_over", reason=sentence, version=book.version), icon=":material/warning:")
    for name, value in picks.refused.items:
        st.warning(words(f"address.refused.{name}", value=value[:40]), icon=":material/link_off:")
    address.forget_refused(picks.refused)


def _stop(sentence: str) -> NoReturn:
    st.info(sentence, icon=":material/info:")
    st.stop()


def _picks_or_none() -> tuple[Book, Picks] | None:
    """What the sidebar shows; None where open_page will say why there is nothing."""
    try:
        grant = grant_of_session()
        if grant.scope.is_empty:
            return None
        book = book_in_service()
        return book, picks_of(ask_of(book, grant.scope), address.address_parameters())
    except DuewatchError:
        return None


def language() -> str:
    browser = "zh" if (st.context.locale or "").lower().startswith("zh") else "en"
    return address.option_in_address(
        "lang", list(LANGUAGES), browser, address.address_parameters(), address.RefusedValues()
    )


def _page(words: Words, name: str) -> StreamlitPage:
    path = PROJECT_ROOT / "pages" / f"{name}.py"
    title, question = words(f"page.{name}.title"), words(f"page.{name}.question")
    visibility: Literal["visible", "hidden"] = "hidden" if name in BY_LINK else "visible"
    return st.Page(path, title=title, help=question, visibility=visibility)


def _front(overview: StreamlitPage) -> StreamlitPage:
    """The page at the bare address. Streamlit serves its default page only there: were the Overview the default, a link
    to /overview would end in "page not found"."""

    def front() -> None:
        st.switch_page(overview, query_params=_address())

    return st.Page(front, title="Duewatch", default=True, visibility="hidden")


def _run_the_frame_first(page: str) -> NoReturn:
    st.session_state[_LAND_ON] = page
    st.switch_page("app.py", query_params=_address())


def _address() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}
