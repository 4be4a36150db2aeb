"""Docs that cannot rot: what they name exists, and what exists is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from duewatch.contract.settings import Settings
from duewatch.engines.query_catalogue import query_catalogue

ROOT = Path(__file__).resolve().parents[2]
PAPERS = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md")), ROOT / "data" / "README.md"]


def test_every_link_and_picture_in_a_document_leads_somewhere() -> None:
    links = [
        (paper, target)
        for paper in PAPERS
        for target in re.findall(r"\]\(([^)#\s]+)", paper.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:", target)
    ]
    assert len(links) > 10
    assert [f"{paper.name}: {target}" for paper, target in links if not (paper.parent / target).exists()] == []


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_the_readme_names_every_make_target_a_newcomer_needs(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    for command in ("make run", "make test", "make help", "python -m duewatch ingest", "python -m duewatch query"):
        assert command in text


def test_make_commands_named_in_the_docs_exist() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for paper in PAPERS:
        named = set(re.findall(r"`make ([a-z0-9-]+)", paper.read_text(encoding="utf-8")))
        assert named <= targets, f"{paper.name}: {named - targets}"


def test_every_setting_is_described() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name in Settings.__dataclass_fields__:
        assert f"`{name}`" in text


def test_the_query_catalogue_is_what_the_headers_say() -> None:
    written = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    assert written == query_catalogue(), "stale: run 'make docs'"


def test_the_change_log_has_an_entry_for_this_version() -> None:
    from duewatch import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
