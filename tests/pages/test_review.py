"""A decision about a finding, made on the page, is on the desk and on the page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from duewatch.contract.settings import PROJECT_ROOT
from duewatch.desk import Desk, Review
from duewatch.ui.shell import book_service as service


@pytest.fixture
def desk_address(demo_book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    settings = tmp_path / "duewatch.toml"
    settings.write_text(f'desk_url = "{address}"\n', encoding="utf-8")
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))
    monkeypatch.setenv("DUEWATCH_SETTINGS", str(settings))
    service.forget_all()
    return address


def limits_page() -> AppTest:
    at = AppTest.from_file(str(PROJECT_ROOT / "tests" / "support" / "frame.py"), default_timeout=60)
    for name, value in {"lang": "en", "from": "2026-01-01", "to": "2026-10-31"}.items():
        at.query_params[name] = value
    return at.switch_page(str(PROJECT_ROOT / "pages" / "contact_limits.py")).run()


def test_a_decision_made_on_the_page_is_kept_and_shown(desk_address: str) -> None:
    at = limits_page()
    assert not at.exception
    assert "Nobody has decided about this finding yet." in [each.value for each in at.caption]
    key = at.selectbox(key="finding").value
    at.text_area[0].set_value("the recording says that he asked for it")
    next(button for button in at.button if button.label == "Keep the decision").click()
    at.run()
    assert not at.exception
    assert not at.error, at.error
    (row,) = Desk(desk_address).history(key).iter_rows(named=True)
    assert (row["state"], row["reason"]) == ("confirmed", "the recording says that he asked for it")
    assert any(each.value.startswith("**Confirmed**, by ") for each in at.markdown)


def test_a_decision_without_a_reason_is_not_kept(desk_address: str) -> None:
    at = limits_page()
    next(button for button in at.button if button.label == "Keep the decision").click()
    at.run()
    assert [each.value for each in at.error] == ["Choose a decision and give a reason; nothing was kept."]
    assert Desk(desk_address).latest().is_empty()


def open_reviews(at: AppTest) -> tuple[int, str]:
    """The tile's number and what its note says."""
    number = next(each.value for each in at.metric if each.label == "Open reviews")
    note = next(each.value for each in at.caption if "without a decision" in each.value)
    return int(number.replace(",", "")), note


def test_the_tile_counts_what_nobody_has_closed(desk_address: str) -> None:
    """Every breach is open; a confirmed one stays so; an exempt one is closed; one past its due date is told."""
    at = limits_page()
    n_breaches, note = open_reviews(at)
    assert n_breaches > 2
    assert note.startswith(f"{n_breaches} without a decision, 0 decided and still open, 0")
    key = at.selectbox(key="finding").value
    desk = Desk(desk_address)
    made_at = datetime(2026, 10, 1, 9, tzinfo=UTC).replace(tzinfo=None)
    desk.mark(Review(key, "confirmed", "heard the recording", "officer", made_at, due_on=date(2026, 10, 2)))
    assert open_reviews(limits_page()) == (
        n_breaches,
        f"{n_breaches - 1} without a decision, 1 decided and still open, 1 of these past their due date",
    )
    desk.mark(Review(key, "exempt", "agreed hours", "officer", made_at, after=1))
    assert open_reviews(limits_page())[0] == n_breaches - 1
