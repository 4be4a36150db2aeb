"""Every page in both languages on a demo book: no exception, numbers equal to the queries, rows that add up."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from duewatch.books.published import current_book
from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.contract.scope import NO_SCOPE, WHOLE_BOOK, Scope
from duewatch.contract.settings import PROJECT_ROOT, Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.metrics.definitions import definition
from duewatch.metrics.registry import METRICS, RATIOS
from duewatch.ui.aging.aging_views import VIEWS
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.shell import book_service as service
from duewatch.ui.shell import frame
from duewatch.ui.shell.access import Grant
from duewatch.ui.shell.frame import PAGES
from tests.support.pages import AS_OF, BEFORE, all_text, opened, seen


@pytest.fixture(autouse=True)
def _book(demo_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_renders_in_both_languages_without_exception(page: str, language: str) -> None:
    at = seen(page, language).at
    assert not at.exception, at.exception
    assert not at.error, at.error
    assert at.title[0].value == words_in(language)(f"page.{page}.title")
    assert at.subheader, "a page says its finding"


@pytest.mark.parametrize("page", PAGES)
def test_a_chinese_page_leaves_no_sentence_in_english(page: str) -> None:
    at = seen(page, "zh").at
    for line in (element.value for element in [*at.subheader, *at.caption, *at.info]):
        longest = max((len(run.split()) for run in re.findall(r"[A-Za-z' ]+", line)), default=0)
        assert longest <= 3 or "queries/" in line, line


def test_the_tiles_say_what_the_query_says(demo_book: Path) -> None:
    engine = DuckDBEngine(current_book(demo_book), Settings())
    totals = engine.run("portfolio/book_totals", {"as_of": AS_OF}, WHOLE_BOOK.narrowed(currencies=("CNY",)))
    at = opened("overview", lang="en", currency="CNY")
    shown = {metric.label: metric.value for metric in at.metric}
    numbers = Numbers("en", "CNY")
    row = totals.row(0, named=True)
    assert shown["Overdue balance"] == numbers.money(row["overdue_balance"])
    assert shown["Overdue rate"] == numbers.percent(row["overdue_balance"] / row["balance"])
    assert shown["90+ share"] == numbers.percent(row["balance_90_plus"] / row["balance"])
    engine.close()


@pytest.mark.parametrize("component", ["opening", "new_entry", "cured", "paid_down", "written_off", "closing"])
def test_the_rows_of_a_component_add_up_to_it_exactly(component: str, demo_book: Path) -> None:
    at = opened("overview", lang="en")
    at.session_state["component"] = component
    at.run()
    assert not at.error, "the page itself says so where rows do not add up"
    engine = DuckDBEngine(current_book(demo_book), Settings())
    bridge = engine.run(
        "portfolio/overdue_bridge", {"from_date": BEFORE, "to_date": AS_OF}, WHOLE_BOOK.narrowed(currencies=("CNY",))
    )
    wanted = dict(zip(bridge["component"], bridge["amount"], strict=True))[component]
    shown = next(table.value for table in at.dataframe if "amount" in table.value.columns)
    assert sum(shown["amount"], Decimal(0)) == wanted
    engine.close()


def test_the_waterfall_has_a_bar_for_every_component_in_order() -> None:
    at = seen("overview").at
    figure = json.loads(at.get("plotly_chart")[0].proto.spec)
    assert [trace["customdata"][0] for trace in figure["data"]] == [
        "opening",
        "new_entry",
        "cured",
        "paid_down",
        "written_off",
        "residual",
        "closing",
    ]


@pytest.mark.parametrize(
    ("name", "value"), [("as_of", "2026-02-30"), ("currency", "ZZZ"), ("product", "nothing"), ("branch", "'; drop")]
)
def test_a_bad_value_in_the_address_gives_one_sentence_and_the_default(name: str, value: str) -> None:
    at = opened("overview", lang="en", **{name: value})
    assert not at.exception
    assert [value in warning.value for warning in at.warning] == [True]


def test_a_picked_day_stays_when_the_page_is_switched() -> None:
    at = opened("overview", lang="en", as_of=BEFORE)
    at.switch_page(str(PROJECT_ROOT / "pages" / "aging.py")).run()
    assert at.query_params["as_of"] == BEFORE
    assert at.selectbox(key="pick_as_of").value == BEFORE


def test_the_first_snapshot_day_says_that_no_change_can_be_told() -> None:
    at = opened("overview", lang="en", as_of="2026-05-31")
    assert not at.exception
    assert "no change over a month can be told" in all_text(at)


def test_without_a_book_the_page_names_the_two_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_BOOKS", str(tmp_path / "none"))
    for page in (page for page in PAGES if page != "load_data"):  # that page makes the first book
        at = opened(page, lang="en")
        assert not at.exception
        assert [code.value for code in at.code] == ["make demo", "python -m duewatch ingest FOLDER"]


def test_a_search_finds_a_metric_by_a_word_of_its_definition() -> None:
    at = opened("definitions", lang="en")
    at.text_input(key="search").set_value("Newcombe").run()
    words = words_in("en")
    told = [
        metric
        for metric in METRICS.values()
        if any("newcombe" in text.lower() for _, text in definition(metric, words))
    ]
    assert len(at.expander) == len(told) > 3


@pytest.mark.parametrize("page", PAGES)
def test_the_first_snapshot_day_breaks_no_page(page: str) -> None:
    at = opened(page, lang="en", as_of="2026-05-31")
    assert not at.exception
    assert not at.error


@pytest.mark.parametrize("page", PAGES)
def test_the_smaller_currency_breaks_no_page(page: str) -> None:
    at = opened(page, lang="zh", currency="USD")
    assert not at.exception
    assert not at.error
    assert "\u00a5" not in all_text(at), "two currencies never stand on one page"


def test_the_rows_of_a_migration_cell_add_up_to_it() -> None:
    at = opened("aging", lang="en")
    at.session_state["rows_of"] = "move"
    at.run()
    at.selectbox(key="start").set_value("M2").run()
    assert not at.exception
    assert not at.error
    moved = [set(t.value["from_bucket"]) for t in at.dataframe if {"account_id", "from_bucket"} <= set(t.value.columns)]
    assert {"M2"} in moved


@pytest.mark.parametrize("mode", ["ever", "now"])
@pytest.mark.parametrize("step", ["month", "30"])
def test_every_choice_on_aging_draws_or_says_why_not(step: str, mode: str) -> None:
    at = opened("aging", lang="en")
    at.session_state["step"], at.session_state["mode"] = step, mode
    at.session_state["measure"], at.session_state["weight"] = "n_accounts", "share_accounts"
    at.run()
    assert not at.exception
    assert len(at.get("plotly_chart")) + len(at.info) == 7


def test_a_scope_without_accounts_on_the_day_is_one_sentence(demo_book: Path) -> None:
    books = current_book(demo_book)
    engine = DuckDBEngine(books, Settings())
    choices = engine.run("portfolio/scope_choices", {}, WHOLE_BOOK)
    only_yuan = sorted(
        set(choices.filter(choices["currency"] == "CNY")["product"])
        - set(choices.filter(choices["currency"] == "USD")["product"])
    )
    engine.close()
    if not only_yuan:
        pytest.skip("every product of the demo book is lent in both currencies")
    for page in PAGES:
        at = opened(page, lang="en", currency="USD", product=only_yuan[0])
        assert not at.exception


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("refusal", ["access.sign_in", "access.not_listed"])
def test_somebody_unknown_sees_a_sentence_and_no_data(page: str, refusal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "grant_of_session", lambda: Grant(NO_SCOPE, refusal))
    at = opened(page, lang="en")
    assert not at.exception
    assert [info.value for info in at.info] == [words_in("en")(refusal)]
    assert not [*at.metric, *at.dataframe, *at.get("plotly_chart"), *at.subheader, *at.multiselect]


def test_a_limited_grant_shows_only_its_branch_and_no_rejected_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = opened("overview", lang="en")
    branch = whole.multiselect(key="pick_branch").options[0]
    monkeypatch.setattr(frame, "grant_of_session", lambda: Grant(Scope((branch,), None, None)))
    limited = opened("overview", lang="en")
    rows = next(table.value for table in limited.dataframe if "branch" in table.value.columns)
    assert set(rows["branch"]) == {branch}
    hidden = words_in("en")("health.rejects_hidden")
    assert hidden in [info.value for info in opened("data_health", lang="en").info]


def test_a_page_run_without_the_frame_shows_no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Streamlit does on a fresh server's first deep link; the way back is tested in tests/browser."""
    at = AppTest.from_file(str(PROJECT_ROOT / "pages" / "overview.py"), default_timeout=60).run()
    assert not [*at.metric, *at.dataframe, *at.get("plotly_chart"), *at.subheader]


@pytest.mark.parametrize("kind", ["bucket", "point", "cohort"])
@pytest.mark.parametrize("entry", ["M1", "M3"])
def test_the_accounts_behind_a_recovery_number_add_up_to_it(kind: str, entry: str) -> None:
    at = opened("recovery", lang="en")
    at.segmented_control(key="entry").set_value(entry).run()
    at.segmented_control(key="rows_of").set_value(kind).run()
    assert not at.exception
    assert not at.error
    assert "exactly the number they stand behind" in all_text(at)
    assert any("collected" in table.value.columns for table in at.dataframe)


@pytest.mark.parametrize("span", ["decided", "ahead"])
def test_the_promises_behind_every_state_add_up_to_it(span: str) -> None:
    at = opened("promises", lang="en")
    at.segmented_control(key="span").set_value(span).run()
    states = at.selectbox(key=f"state_{span}").options
    assert len(states) > 2
    for place in range(len(states)):
        at.selectbox(key=f"state_{span}").select_index(place).run()
        assert not at.exception
        assert not at.error
        assert "exactly the number they stand behind" in all_text(at)


def test_nothing_pending_is_in_the_kept_ratio(demo_book: Path) -> None:
    at = opened("promises", lang="en", currency="CNY")
    at.segmented_control(key="span").set_value("decided").run()
    assert "Pending" not in at.selectbox(key="state_decided").options


TAKEN_APART = (
    ("overview", "overdue_rate"),
    ("overview", "ninety_plus_share"),
    ("overview", "entry_rate"),
    ("overview", "kept_ratio"),
    ("overview", "recovery_share"),
    ("aging", "roll_overdue"),
    ("aging", "cure_overdue"),
)
CUTS = [
    pytest.param(page, metric, cut, marks=() if place == number % len(RATIOS[metric].segments.by) else pytest.mark.slow)
    for number, (page, metric) in enumerate(TAKEN_APART)
    for place, cut in enumerate(RATIOS[metric].segments.by)
]
"""One cut of each ratio, each time another, in the fast lane; all cuts of all in the slow one."""


@pytest.mark.parametrize(("page", "metric", "cut"), CUTS)
def test_a_ratio_taken_apart_opens_the_accounts_of_each_segment(page: str, metric: str, cut: str) -> None:
    at = opened(page, lang="en")
    at.selectbox(key=f"moved_{page}").set_value(metric).run()
    at.segmented_control(key=f"by_{page}_{metric}").set_value(cut).run()
    assert not at.exception
    assert not at.error
    assert "because the mix moved" in all_text(at)
    picker = next(box for box in at.selectbox if box.key.startswith(f"segment_{page}_{metric}"))
    box = next(box for box in at.selectbox if box.key == picker.key)
    at = box.select_index(len(picker.options) - 1).run()
    assert not at.error, "the rows of a segment are its numerator"
    of_numerator = sum(len(table.value) for table in at.dataframe)
    at = at.segmented_control(key=f"side_{page}_{metric}").set_value("whole").run()
    assert not at.exception
    assert not at.error, "and those of its denominator"
    assert sum(len(table.value) for table in at.dataframe) > of_numerator
    at = at.segmented_control(key=f"end_{page}_{metric}").set_value("before").run()
    assert not at.exception
    assert not at.error, "also in the period before"
    at = at.segmented_control(key=f"side_{page}_{metric}").set_value("part").run()
    assert not at.error, "of either side"


@pytest.mark.parametrize("cut", ["product", "branch"])
def test_the_waterfall_of_one_segment_opens_the_rows_of_that_segment(cut: str) -> None:
    at = opened("overview", lang="en")
    at.segmented_control(key="cut").set_value(cut).run()
    picked = at.selectbox(key=f"bridge_{cut}").select_index(1).run()
    assert not picked.exception
    assert not picked.error
    rows = next(table.value for table in picked.dataframe if "amount" in table.value.columns)
    assert set(rows[cut]) == {picked.selectbox(key=f"bridge_{cut}").value}


VIEWS_READ = [
    pytest.param(view, language, marks=() if (number + place) % 2 == 0 else pytest.mark.slow)
    for number, view in enumerate(VIEWS)
    for place, language in enumerate(LANGUAGES)
]
"""Each view in one language, by turns, in the fast lane."""


@pytest.mark.parametrize(("view", "language"), VIEWS_READ)
def test_every_further_view_of_migration_draws_and_its_rows_add_up(view: str, language: str) -> None:
    at = opened("aging", lang=language)
    at.segmented_control(key="view").set_value(view).run()
    assert not at.exception, at.exception
    assert not at.error, "rows that do not add up are an error on the page"
    assert len(at.get("plotly_chart")) >= 5 + (2 if view == "entry" else 1)


@pytest.mark.parametrize("view", ["loss", "entry", "cures"])
def test_a_further_view_opens_the_rows_of_every_choice(view: str) -> None:
    at = opened("aging", lang="en")
    at.segmented_control(key="view").set_value(view).run()
    pickers = {"loss": ["pair"], "entry": ["due_month", "fpd_month"], "cures": ["cures_bucket"]}[view]
    for key in pickers:
        for place in range(min(len(at.selectbox(key=key).options), 2)):
            at = at.selectbox(key=key).select_index(place).run()
            assert not at.exception
            assert not at.error


def test_a_book_without_instalments_says_which_table_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from duewatch.demo import write_demo
    from duewatch.ingest import ingest

    write_demo(tmp_path / "source", accounts=150, months=3, seed=2)
    for file in (tmp_path / "source").glob("instalments*"):
        file.unlink()
    ingest(tmp_path / "source", books=tmp_path / "books", settings=Settings(packs=("house",)))
    monkeypatch.setenv("DUEWATCH_BOOKS", str(tmp_path / "books"))
    service.forget_all()
    at = opened("aging", lang="en")
    at.segmented_control(key="view").set_value("entry").run()
    told = [info.value for info in [*at.info, *opened("recovery", lang="en").info]]
    assert len([line for line in told if "Missing: instalments" in line and "Not assessable" in line]) >= 2


def test_analysts_see_the_test_of_order_and_segments_only_when_they_ask() -> None:
    at = opened("aging", lang="en")
    assert "degrees" not in all_text(at)
    assert "χ²" not in all_text(at)
    at.toggle(key="analysts").set_value(True).run()
    assert not at.exception
    assert not at.error
    assert "χ²" in all_text(at)
    for cut in ("product", "branch"):
        at.segmented_control(key="analysts_cut").set_value(cut).run()
        for bucket in ("M0", "M2", "M7+"):
            at.segmented_control(key="analysts_bucket").set_value(bucket).run()
            assert not at.exception
            assert not at.error


@pytest.mark.parametrize("who", ["late", "all"])
def test_what_the_money_paid_opens_accounts_that_add_up(who: str) -> None:
    at = opened("recovery", lang="en")
    at.segmented_control(key="split_whose").set_value(who).run()
    for part in range(len(at.selectbox(key="split_part").options)):
        at.selectbox(key="split_part").select_index(part).run()
        assert not at.exception
        assert not at.error
