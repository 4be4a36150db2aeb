"""A real browser on a fresh server: the frame stands on the first deep link, the address is kept, new books show."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from duewatch.contract.i18n import words_in
from duewatch.contract.settings import PROJECT_ROOT, Settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install chromium to run the browser tests"),
]
READY = '[data-testid=stApp][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield launched
        launched.close()


@contextmanager
def fresh_server(books: Path) -> Iterator[str]:
    """A server process that no one has opened yet, on a free port; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = {**os.environ, "DUEWATCH_BOOKS": str(books)}
    server = subprocess.Popen(
        [*command, "--server.fileWatcherType", "none"],
        cwd=PROJECT_ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_healthy(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_until_healthy(port: int) -> None:
    for _ in range(120):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.25)
    pytest.fail("the server did not start within 30 seconds")


def opened(browser: Browser, address: str, **viewport: int) -> Page:
    size = {"width": 1280, "height": 900, **viewport}
    page = browser.new_page(viewport={"width": size["width"], "height": size["height"]})
    page.goto(address)
    page.wait_for_selector(READY, timeout=60_000)
    return page


@pytest.fixture(scope="module")
def first_visit(demo_book: Path, browser: Browser) -> Iterator[tuple[str, Page]]:
    """The server that the tests of this file share, and the page of its first visitor, who came by a deep link."""
    with fresh_server(demo_book) as address:
        yield address, opened(browser, f"{address}/aging?lang=zh&as_of=2026-09-30")


@pytest.fixture
def server(first_visit: tuple[str, Page]) -> str:
    return first_visit[0]


def stands_in_its_frame(page: Page, name: str, language: str) -> None:
    words = words_in(language)
    expect(page.get_by_role("heading", level=1, name=words(f"page.{name}.title"), exact=True)).to_be_visible(
        timeout=30_000
    )
    expect(page.get_by_test_id("stSidebarNav")).to_contain_text(words("page.aging.title"))
    expect(page.get_by_test_id("stSidebar")).to_contain_text(words("pick.as_of"), timeout=30_000)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.wait_for_selector(READY)
    assert f"lang={language}" in page.url
    assert "as_of=2026-09-30" in page.url
    page.close()


def test_the_first_deep_link_to_the_server_finds_the_frame_and_the_page(first_visit: tuple[str, Page]) -> None:
    stands_in_its_frame(first_visit[1], "aging", "zh")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("overview", "en"),
        ("aging", "en"),
        ("data_health", "zh"),
        ("data_health", "en"),
        ("definitions", "en"),
        ("definitions", "zh"),
        ("overview", "zh"),
    ],
)
def test_the_first_deep_link_to_every_page_of_a_fresh_server_finds_it(
    name: str, language: str, demo_book: Path, browser: Browser
) -> None:
    with fresh_server(demo_book) as server:
        page = opened(browser, f"{server}/{name}?lang={language}&as_of=2026-09-30")
        stands_in_its_frame(page, name, language)


def test_a_click_in_the_menu_keeps_the_address(server: str, browser: Browser) -> None:
    page = opened(browser, f"{server}/?lang=en&as_of=2026-09-30")
    page.get_by_test_id("stSidebarNav").get_by_text("Data health").click()
    expect(page.get_by_role("heading", level=1, name="Data health", exact=True)).to_be_visible(timeout=30_000)
    page.wait_for_selector(READY)
    page.wait_for_url("**as_of=2026-09-30**", timeout=10_000)
    assert "lang=en" in page.url
    page.close()


def test_a_new_book_appears_on_the_next_interaction_without_a_restart(
    demo_book: Path, tmp_path: Path, browser: Browser
) -> None:
    from duewatch.demo import write_demo
    from duewatch.ingest import ingest

    books = tmp_path / "books"
    shutil.copytree(demo_book, books)
    before = (books / "CURRENT").read_text().strip()
    with fresh_server(books) as server:
        page = opened(browser, f"{server}/definitions?lang=en")
        expect(page.get_by_test_id("stSidebar")).to_contain_text(before, timeout=30_000)
        write_demo(tmp_path / "source", accounts=100, months=3, seed=9)
        ingest(tmp_path / "source", books=books, settings=Settings(packs=("house",)))
        after = (books / "CURRENT").read_text().strip()
        page.get_by_test_id("stSidebarNav").get_by_text("Overview").click()
        expect(page.get_by_test_id("stSidebar")).to_contain_text(after, timeout=30_000)
        assert after != before
        page.close()


def test_on_a_phone_the_answer_comes_first_and_nothing_runs_off_the_side(server: str, browser: Browser) -> None:
    page = opened(browser, f"{server}/?lang=en", width=390, height=844)
    expect(page.get_by_role("heading", level=3).first).to_be_in_viewport(timeout=30_000)
    page.wait_for_selector(".js-plotly-plot .main-svg")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 1
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.close()


BETWEEN_TILES = """() => {
    const tops = [...document.querySelectorAll('[data-testid=stMetric]')].map(one => one.getBoundingClientRect().top);
    const ends = [...document.querySelectorAll('[data-testid=stMain] [data-testid=stPopover]')]
        .map(one => one.getBoundingClientRect().bottom);
    return tops.slice(1).map(top => top - Math.max(...ends.filter(end => end < top)));
}"""
UNDER_BUTTONS = """() => {
    const boxes = name => [...document.querySelectorAll(`[data-testid=stMain] [data-testid=${name}`)]
        .map(one => one.getBoundingClientRect()).filter(box => box.height);
    const bars = boxes('stElementToolbarButtonContainer]'), lines = boxes('stMarkdownContainer] p');
    const hides = bar => lines.some(
        line => line.bottom > bar.top + 1 && line.top < bar.bottom && line.right > bar.left && line.left < bar.right);
    return [bars.length, bars.filter(hides).length];
}"""


@pytest.mark.slow
def test_on_a_phone_a_tile_is_as_tall_as_its_words_and_the_buttons_of_a_table_hide_no_line(
    demo_book: Path, browser: Browser
) -> None:
    with fresh_server(demo_book) as server:
        context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
        page = context.new_page()
        page.goto(f"{server}/worklist?lang=zh")
        page.wait_for_selector(READY, timeout=60_000)
        expect(page.get_by_test_id("stDataFrame")).to_have_count(1, timeout=30_000)
        page.wait_for_function("document.querySelectorAll('[data-testid=stMetric]').length == 6")
        between = page.evaluate(BETWEEN_TILES)
        assert len(between) == 5
        assert max(between) < 64
        page.get_by_test_id("stDataFrame").scroll_into_view_if_needed()
        page.wait_for_selector("[data-testid=stElementToolbarButtonContainer]")
        n_bars, n_hiding = page.evaluate(UNDER_BUTTONS)
        assert n_bars >= 1
        assert n_hiding == 0
        context.close()


def test_no_page_asks_anything_of_the_outside_world(server: str, browser: Browser) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("", "aging", "data_health", "definitions"):
        page.goto(f"{server}/{path}?lang=en")
        expect(page.get_by_role("heading", level=3).first).to_be_visible(timeout=30_000)
        page.wait_for_selector(READY)
        page.wait_for_timeout(500)
    assert {
        url for url in asked if not url.startswith((server, server.replace("http", "ws"), "data:", "blob:"))
    } == set()
    page.close()
