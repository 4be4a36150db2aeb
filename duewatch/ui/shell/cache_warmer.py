"""Every page of the menu is asked for once when the app starts, and again when a new book comes into service.

The first person who opens a page would wait for its queries; what was asked once is kept for all (service.py), so a
visitor of the app's own goes ahead of them, one page after the other, in each currency. It comes through the same door
as a browser, and shows nothing to anyone. `python -m duewatch run` starts it beside the app:

    python -m duewatch.ui.shell.cache_warmer PORT

Its queries may take longer than a person's. Where a sign-in is set up it is not signed in, sees nothing, and so
prepares nothing.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from duewatch.books.published import current_book
from duewatch.contract.errors import BookError, DuewatchError
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import books_dir, load_settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.reads import portfolio
from duewatch.ui.shell.frame import BY_LINK, PAGES
from duewatch.ui.shell.pickers import most_accounts_first
from duewatch.ui.shell.warmer_session import HEADER, PATIENCE, WORD

MENU = tuple(page for page in PAGES if page not in BY_LINK)
LOOK_EVERY = 5.0
"""Seconds between two looks at the pointer to the book in service."""
START_WITHIN = 120.0
"""Seconds that the app may take to answer."""


@dataclass(frozen=True)
class Visit:
    """`titles`: headings of the first level; `errors`: what the page said was wrong. `seconds` by the clock."""

    page: str
    seconds: float
    titles: tuple[str, ...]
    errors: tuple[str, ...]


def visit(port: int, page: str, *, word: str = "", **address: str) -> Visit:
    """Opens one page of the app on this machine as a browser would and waits until it is drawn. `address`: what
    stands after the question mark. Raises OSError or WebSocketException where the app does not answer."""
    began = time.monotonic()
    asked = BackMsg()
    asked.rerun_script.page_name = page
    asked.rerun_script.query_string = urlencode(address)
    headers = {HEADER: word} if word else {}
    with connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        additional_headers=headers,
        max_size=None,
        proxy=None,
    ) as socket:
        socket.send(asked.SerializeToString())
        titles, errors = _drawn(socket)
    return Visit(page, time.monotonic() - began, titles, errors)


def _drawn(socket: ClientConnection) -> tuple[tuple[str, ...], tuple[str, ...]]:
    titles, errors = [], []
    for message in _until_drawn(socket):
        element = message.delta.new_element
        kind = element.WhichOneof("type") if message.WhichOneof("type") == "delta" else None
        if kind == "heading" and element.heading.tag == "h1":
            titles.append(element.heading.body)
        elif kind == "exception":
            errors.append(element.exception.message)
        elif kind == "alert" and element.alert.format == element.alert.ERROR:
            errors.append(element.alert.body)
    return tuple(titles), tuple(errors)


def _until_drawn(socket: ClientConnection) -> Iterator[ForwardMsg]:
    """Messages up to the end of a run that was not cut short for another (the frame switches pages by running anew)."""
    while True:
        received = socket.recv(timeout=2 * PATIENCE)
        message = ForwardMsg()
        message.ParseFromString(received if isinstance(received, bytes) else received.encode())
        yield message
        if message.WhichOneof("type") == "script_finished" and message.script_finished in (
            ForwardMsg.FINISHED_SUCCESSFULLY,
            ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
        ):
            return


def prepare(port: int, word: str, pages: Sequence[str] = MENU) -> list[Visit]:
    """Opens the pages one after the other, in the currency with the most accounts first. Raises as `visit`; BookError
    where there is no book."""
    return [visit(port, page, word=word, currency=currency) for currency in _currencies() for page in pages]


def _currencies() -> tuple[str, ...]:
    engine = DuckDBEngine(current_book(books_dir()), load_settings())
    try:
        choices = portfolio.scope_choices(lambda name, params: engine.run(name, params, WHOLE_BOOK))
    finally:
        engine.close()
    return most_accounts_first(choices, "currency")


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=10):
            return True
    except (URLError, OSError):
        return False


def waited_for(port: int) -> bool:
    """Whether the app answers within START_WITHIN seconds."""
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        if _answers(port):
            return True
        time.sleep(0.25)
    return False


def main() -> None:
    """Until the app is gone."""
    port, word, app = int(sys.argv[1]), os.environ.get(WORD, ""), os.getppid()
    if not waited_for(port):
        return
    tried = ""
    while os.getppid() == app and _answers(port):
        version = _in_service()
        if version != tried:
            tried = version
            print(f"  {_prepared(port, word, version)}\n", flush=True)
        time.sleep(LOOK_EVERY)


def _in_service() -> str:
    """Version of the book in service; empty where there is none yet."""
    try:
        return current_book(books_dir()).version
    except BookError:
        return ""


def _prepared(port: int, word: str, version: str) -> str:
    """What came of it, in a sentence for the terminal."""
    try:
        visits = prepare(port, word)
    except (DuewatchError, OSError, WebSocketException) as error:
        return f"The pages of book {version} could not be opened ahead ({error}); each is worked out when it is opened."
    told = f"The pages of book {version} stand ready after {sum(each.seconds for each in visits):.0f} s."
    wrong = [f"{each.page} says: {each.errors[0]}" for each in visits if each.errors]
    return " ".join([told, *wrong])


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
