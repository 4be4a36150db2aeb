"""The app's own visitor: pages that it opened answer people at once, and its word alone buys patience."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from duewatch.contract.i18n import words_in
from duewatch.contract.settings import PROJECT_ROOT
from duewatch.ui.shell import cache_warmer as prepare
from duewatch.ui.shell.warmer_session import WORD

HURRIED = "query_seconds = 0.000001\n"
"""No query of a person ends within this time."""


@pytest.fixture
def hurried_app(demo_book: Path, tmp_path: Path) -> Iterator[int]:
    """The port of an app in which a person's queries are all stopped, and that knows the word `open sesame`."""
    settings = tmp_path / "duewatch.toml"
    settings.write_text(HURRIED)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    known = {"DUEWATCH_BOOKS": str(demo_book), "DUEWATCH_SETTINGS": str(settings), WORD: "open sesame"}
    with subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=PROJECT_ROOT,
        env={**os.environ, **known},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as app:
        assert prepare.waited_for(port)
        yield port
        app.terminate()


@pytest.mark.parametrize("pages", [("aging", "teams"), pytest.param(prepare.MENU, marks=pytest.mark.slow)])
def test_what_the_visitor_opened_is_there_for_people_and_nobody_else_has_its_patience(
    pages: tuple[str, ...], hurried_app: int, demo_book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = words_in("en")("page.aging.title")
    for word in ("", "open barley"):
        hurried = prepare.visit(hurried_app, "aging", word=word, lang="en")
        assert any("was stopped" in error for error in hurried.errors), word
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))
    visits = prepare.prepare(hurried_app, "open sesame", pages)
    assert [each.page for each in visits] == [*pages, *pages], "once in each currency of the demo"
    assert [(each.page, each.errors) for each in visits if each.errors] == []
    assert all(len(each.titles) == 1 for each in visits)
    for currency in ("CNY", "USD"):
        later = prepare.visit(hurried_app, "aging", lang="en", currency=currency)
        assert (later.titles, later.errors) == ((title,), ())
    elsewhere = prepare.visit(hurried_app, "aging", lang="en", as_of="2026-09-30")
    assert any("was stopped" in error for error in elsewhere.errors), "what the visitor did not ask is not kept"
