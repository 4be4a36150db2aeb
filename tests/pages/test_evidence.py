"""An evidence pack made on the page is noted on the desk with the hash of the very file that is offered."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from duewatch.desk import Desk
from tests.pages.test_review import desk_address, limits_page

__all__ = ["desk_address"]


def made(at: AppTest, which: str) -> AppTest:
    at.segmented_control(key="evidence_of").set_value(which)
    at.button(key="evidence_make").click()
    return at.run()


@pytest.mark.parametrize("which", ["evidence.one", "evidence.every_row"])
def test_a_pack_made_on_the_page_is_noted_on_the_desk(desk_address: str, which: str) -> None:
    at = limits_page()
    assert not at.exception
    assert Desk(desk_address).exports().is_empty()
    at = made(at, which)
    assert not at.exception
    assert not at.error, at.error
    (noted,) = Desk(desk_address).exports().iter_rows(named=True)
    said = next(each.value for each in at.markdown if "sha256" in each.value)
    assert noted["sha256"][:16] in said
    if which == "evidence.one":
        assert noted["n_rows"] == 1
    else:
        assert noted["n_rows"] == at.dataframe[_findings_at(at)].value.shape[0] > 1


def _findings_at(at: AppTest) -> int:
    """Which table lists the findings."""
    return next(n for n, each in enumerate(at.dataframe) if {"rule_id", "excess"} <= set(each.value.columns))


def test_a_desk_that_does_not_answer_lets_no_pack_out(
    demo_book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "duewatch.toml"
    settings.write_text('desk_url = "sqlite:////nowhere/at/all/desk.sqlite"\n', encoding="utf-8")
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))
    monkeypatch.setenv("DUEWATCH_SETTINGS", str(settings))
    at = made(limits_page(), "evidence.one")
    assert not at.exception
    assert at.error
    assert not [each for each in at.markdown if "sha256" in each.value]
