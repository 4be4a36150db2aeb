"""Every number on a tile opens its rows, and the rows add up to it: of all pages, by construction for new tiles.

The rows are asked for and added up here, and held against the number that the tile's own query gave; that number,
written out, must be what stands on the tile.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from duewatch.metrics.registry import EXPLORABLE
from duewatch.ui.parts.drill_down import DrillDown
from duewatch.ui.parts.numbers import DASH, Number
from duewatch.ui.parts.table import LINK
from duewatch.ui.shell.frame import PAGES
from tests.support.pages import Drawn, all_text, noting, opened, seen

OPENS_NOTHING = {
    "last_day": "a date, not a sum: the load that brought it is listed on the page",
    "teams_dispersion": "a trimmed mean of squared z-scores over groups; the table by name holds what it is made of",
    "hours_freed": "arithmetic on stopped contacts, which open their rows, and on minutes that are shown beside it",
}
"""Tiles that are no sum of rows, each with the reason."""
WITHOUT_TILES = {"aging", "definitions", "load_data"}
WHOLE_LOG = {"from": "2026-05-01", "to": "2026-10-31"}
"""Breaches are rare in the demo book."""
PLACES = [
    *((page, {}) for page in PAGES),
    ("contact_limits", WHOLE_LOG),
    ("third_parties", WHOLE_LOG),
    ("recount", {"max": "1", "days": "3"}),
    ("contacts", {"channel": "all", "currency": "USD"}),
    ("whatif", {"s": "promise_grace_days=5&wait_hours=48"}),
    ("headroom", {"on": "2026-09-09", "currency": "USD"}),
]
SLOW = [
    *((page, {"currency": "USD"}) for page in PAGES),
    *((page, {"as_of": "2026-08-31"}) for page in PAGES),
    ("overview", {"as_of": "2026-05-31"}),
    ("recovery", {"entry": "M3"}),
    ("contacts", {"channel": "sms"}),
    ("account", {"account": "A00000651", "currency": "USD"}),
    ("contact_limits", {"rule": "us.reg_f.hours", "currency": "USD", **WHOLE_LOG}),
    *(("explore", {"metric": metric}) for metric in EXPLORABLE),
]


@pytest.fixture(autouse=True)
def _book(demo_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))


def forms(each: Drawn, behind: DrillDown, rows: pl.DataFrame) -> set[str]:
    """The ways in which a tile may write what its rows come to."""
    numbers, found = each.ctx.numbers, behind.comes_to(rows)
    assert found is not None
    part, whole = (numbers.count(behind.sum_of(rows, name)) for name in (behind.part, behind.whole))
    return {
        numbers.money(found),
        numbers.count(found),
        numbers.short(found),
        numbers.percent(found),
        numbers.points(found),
        numbers.short(found * 1000),
        f"{found * 1000:.1f}",
        str(found),
        f"{part} / {whole}",
        each.ctx.words("tile.counted", part=part, whole=whole),
    }


def where(place: object) -> str:
    page, address = place  # type: ignore[misc]
    return "-".join([page, *address.values()])


def looked_at(page: str, address: dict[str, str], is_special: bool) -> tuple[AppTest, list[Drawn]]:
    """The page under an address. What an address picks beside the frame's own choices is read on the second run."""
    with noting() as noted:
        at = opened(page, lang="en", **address)
        if is_special:
            noted.tiles.clear()
            for name, value in address.items():
                at.query_params[name] = value
            at = at.run()
    return at, noted.tiles


@pytest.mark.parametrize(
    "place", [*PLACES, *(pytest.param(place, marks=pytest.mark.slow) for place in SLOW)], ids=where
)
def test_every_tile_opens_rows_that_add_up_to_it(place: tuple[str, dict[str, str]]) -> None:
    page, address = place
    is_special = bool(set(address) - {"currency", "as_of"})
    at, drawn = looked_at(page, address, is_special) if address else (seen(page).at, seen(page).noted.tiles)
    assert not at.exception, at.exception
    assert drawn or page in WITHOUT_TILES or (address and at.info), "no tile, and no sentence that says why"
    n_rows: list[int] = []
    for each in drawn:
        metric = each.tile.metric
        if each.tile.value == DASH:
            continue
        if metric in OPENS_NOTHING:
            assert each.behind is None, f"{metric} opens rows: take it off the list"
            continue
        assert each.behind is not None, f"{metric} on {page} opens no rows: give them to draw_tiles"
        rows = each.behind.rows()
        found = each.behind.comes_to(rows)
        assert each.behind.agrees(rows), f"{metric} on {page}: rows {found}, tile {each.behind.number}"
        assert each.tile.value.removeprefix("≥ ") in forms(each, each.behind, rows), f"{metric}: {found}"
        n_rows.append(rows.height)
    assert any(n_rows) or not is_special, "an address is here because it has rows"
    shown = {button.key for button in at.button if str(button.key).startswith("open_")}
    assert shown == {f"open_{each.tile.metric}" for each in drawn if each.behind and each.tile.value != DASH}


@pytest.mark.parametrize(
    ("page", "metric"),
    [
        ("overview", "roll_rate"),
        ("contacts", "kept_per_contact"),
        ("teams", "teams_conduct"),
        ("promises", "kept_amount"),
        ("grades", "grade_separation"),
        ("process", "process_rules_kept"),
        ("data_health", "rows_rejected"),
    ],
)
def test_the_button_on_a_tile_opens_a_table_with_its_sum_and_downloads(page: str, metric: str) -> None:
    at = opened(page, lang="zh" if metric in ("roll_rate", "grade_separation") else "en")
    tables = len(at.dataframe)
    at = at.button(key=f"open_{metric}").click().run()
    assert not at.exception, at.exception
    assert not at.error, "rows that do not add up are an error in the dialog"
    assert "exactly" in all_text(at) or "完全一致" in all_text(at)
    assert len(at.dataframe) == tables + 1
    columns = set(at.dataframe[-1].value.columns)
    assert LINK in columns or metric in ("process_rules_kept", "rows_rejected"), columns


BOOK = pl.DataFrame({"amount": [Decimal("1.10"), Decimal("2.20"), None], "n": [1, 0, 1], "late": [True, False, True]})


@pytest.mark.parametrize(
    ("behind", "right", "wrong"),
    [
        ({}, 3, 2),
        ({"part": "amount"}, Decimal("3.30"), Decimal("3.31")),
        ({"part": "late"}, 2, 3),
        ({"part": "late", "whole": "n"}, 1.0, 0.99),
        ({"part": "n", "whole": "n", "than": "late"}, None, 0.0),
    ],
)
def test_rows_that_come_to_another_number_are_told(behind: dict[str, str], right: Number, wrong: Number) -> None:
    assert DrillDown(lambda: BOOK, right, **behind).agrees(BOOK)
    assert not DrillDown(lambda: BOOK, wrong, **behind).agrees(BOOK)
