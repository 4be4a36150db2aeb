"""Packs of the demo book: the book's own findings, the same bytes anywhere, and no text of the book read as markup."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from duewatch.books.published import current_book
from duewatch.contract.errors import EvidenceError
from duewatch.contract.i18n import words_in
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import PROJECT_ROOT, Settings
from duewatch.engines import Ask, Params
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.evidence import Choice, PackSource, document, pack, written_pack
from duewatch.evidence.contents import gather_evidence
from duewatch.evidence.wording import visible_text

ENGLISH = words_in("en")
HOSTILE = '#panic("run") #read("/etc/passwd") $x$ *b* @a <l> `r` \\ "q" = h\u202e'

pdf_only = pytest.mark.skipif(
    not set(document.CHINESE_FONTS) & document._families(), reason="no Chinese font is installed (make browser)"
)


@pytest.fixture(scope="module")
def ask(demo_book: Path) -> Ask:
    engine = DuckDBEngine(current_book(demo_book), Settings())

    def answered(name: str, params: Params) -> pl.DataFrame:
        return engine.run(name, params, WHOLE_BOOK)

    return answered


def pack_bytes(ask: Ask, books: Path, choice: Choice, file_format: str, language: str = "en") -> bytes:
    source = PackSource(ask, current_book(books), words_in(language), Settings(), None)
    return written_pack(source, choice, file_format).content


def sheet(content: bytes, name: str) -> pl.DataFrame:
    return pl.read_excel(io.BytesIO(content), sheet_name=name)


def test_the_findings_and_contacts_are_exactly_the_books(ask: Ask, demo_book: Path) -> None:
    content = pack_bytes(ask, demo_book, Choice(), "xlsx")
    with duckdb.connect(str(current_book(demo_book).path), read_only=True) as con:
        rows = con.execute("select finding_key, evidence from findings where verdict = 'breach'").fetchall()
    assert rows
    assert sorted(sheet(content, "findings")["Finding"].to_list()) == sorted(key for key, _ in rows)
    counted = sheet(content, "contacts")
    pairs = sorted(zip(counted["Finding"].to_list(), counted[counted.columns[2]].to_list(), strict=True))
    assert pairs == sorted((key, contact) for key, proof in rows for contact in proof)


def test_a_presumption_and_an_advice_are_never_called_a_breach_outright(ask: Ask, demo_book: Path) -> None:
    for row in sheet(pack_bytes(ask, demo_book, Choice(), "xlsx"), "findings").iter_rows(named=True):
        sentences = row["What it says"].partition(": ")[2]
        if sentences.startswith("breach."):
            assert "must" in row.values()


@pdf_only
def test_the_same_bytes_whatever_the_time_zone_and_the_hash_seed(demo_book: Path, tmp_path: Path) -> None:
    told = []
    for zone, seed in (("UTC", "0"), ("Asia/Shanghai", "7")):
        out = tmp_path / seed
        settings = tmp_path / "duewatch.toml"
        settings.write_text(f'desk_url = "sqlite:///{tmp_path / "desk.sqlite"}"\n', encoding="utf-8")
        values = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "DUEWATCH_SETTINGS": str(settings)}
        command = [sys.executable, "-m", "duewatch", "export", "evidence", "--books", str(demo_book), "--out", str(out)]
        subprocess.run(command, check=True, env=values, cwd=PROJECT_ROOT, capture_output=True)
        told.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()})
    assert told[0] == told[1]
    assert {Path(name).suffix for name in told[0]} == {".xlsx", ".pdf", ""}


@pdf_only
def test_hostile_text_is_set_as_it_stands_and_not_run(ask: Ask, demo_book: Path) -> None:
    source = PackSource(ask, current_book(demo_book), ENGLISH, Settings(), None)
    actual = gather_evidence(source, Choice(), most_findings=1_000, most_contacts=10_000)
    hostile = replace(
        actual,
        facts=[(HOSTILE, HOSTILE)],
        findings=actual.findings.with_columns(team=pl.lit(HOSTILE), says=pl.lit(HOSTILE)),
        rules=actual.rules.with_columns(rule_text=pl.lit(HOSTILE + "```"), cite=pl.lit(HOSTILE)),
    )
    assert document.as_document(hostile, ENGLISH).startswith(b"%PDF-1.7")
    assert "<U+202E>" in visible_text(HOSTILE)


def test_a_choice_too_large_is_refused_and_never_cut(
    ask: Ask, demo_book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pack.MOST, "xlsx", (1, 10))
    with pytest.raises(EvidenceError, match="holds at most 1 and 10"):
        pack_bytes(ask, demo_book, Choice(), "xlsx")


def test_without_a_chinese_font_the_pdf_is_refused_and_the_workbook_is_not(
    ask: Ask, demo_book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "_families", lambda: frozenset({"DejaVu Sans"}))
    with pytest.raises(EvidenceError, match="no font with Chinese characters"):
        pack_bytes(ask, demo_book, Choice(), "pdf")
    assert pack_bytes(ask, demo_book, Choice(), "xlsx", "zh").startswith(b"PK")


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (Choice(rule_ids=("no.rule",)), "not judged by a rule 'no.rule'"),
        (Choice(finding_keys=("a/b/c",)), "no finding 'a/b/c'"),
        (Choice(from_date=date(1999, 1, 1), to_date=date(1999, 1, 2)), "no finding of the book"),
    ],
)
def test_a_choice_of_nothing_is_refused_with_the_reason(ask: Ask, demo_book: Path, choice: Choice, told: str) -> None:
    with pytest.raises(EvidenceError, match=told):
        pack_bytes(ask, demo_book, choice, "xlsx")
