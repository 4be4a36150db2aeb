"""What every page that a test draws must hold to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.ui.parts.code_labels import heading
from duewatch.ui.shell import downloads
from duewatch.ui.shell.downloads import Export
from duewatch.ui.shell.frame import PageContext


@pytest.fixture(scope="session", autouse=True)
def _installed_components_are_looked_for_once() -> Iterator[None]:
    """Streamlit reads the metadata of every installed package at the first run of each AppTest, more work than most of
    our pages; packages do not change while tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def headings_in_words(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Each column of each download that is offered has a heading of its own in both languages. Judged after the test: a
    page would catch what is raised inside it."""
    without: set[str] = set()
    about = downloads.about_export

    def noted(ctx: PageContext, export: Export) -> list[tuple[str, str]]:
        without.update(
            name
            for name in export.frame.columns
            for language in LANGUAGES
            if name not in export.names and heading(words_in(language), name) is None
        )
        return about(ctx, export)

    monkeypatch.setattr(downloads, "about_export", noted)
    yield without
    assert not without, f"locales/*.toml have no [column] {', '.join(sorted(without))}: Excel files need a heading"
