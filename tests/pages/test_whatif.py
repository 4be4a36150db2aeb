"""The What-if page on a demo book: numbers are the report's, rows add up, the address and the desk hold scenarios."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from duewatch.books.published import current_book
from duewatch.compliance.packs import load_packs
from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import PROJECT_ROOT, Settings
from duewatch.reads import portfolio
from duewatch.ui.parts import table as rows_drawn
from duewatch.ui.whatif import model as whatif_model
from duewatch.whatif.answer_frames import TABLES
from duewatch.whatif.query_session import open_session
from duewatch.whatif.result import Fit, Line
from duewatch.whatif.scenario import Scenario, from_address, scenario_of
from duewatch.whatif.scenario_run import run
from tests.support.pages import all_text, opened

TWO = scenario_of({"levers": {"cap_max": 2, "cap_days": 7, "wait_hours": 240, "hold_promise_days": 5}}, "here")
ONE = scenario_of({"title": "one a day in M1", "levers": {"M1": {"cap_max": 1}}}, "here")


@pytest.fixture(autouse=True)
def _book(demo_book: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = tmp_path / "duewatch.toml"
    settings.write_text(f'desk_url = "sqlite:///{tmp_path / "desk.sqlite"}"\n', encoding="utf-8")
    monkeypatch.setenv("DUEWATCH_SETTINGS", str(settings))
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))
    whatif_model.model_cache.clear()


def page(*scenarios: Scenario, lang: str = "en", view: str = "scenarios") -> AppTest:
    at = AppTest.from_file(str(PROJECT_ROOT / "tests" / "support" / "frame.py"), default_timeout=120)
    at.query_params.update({"lang": lang, "currency": "CNY", "view": view})
    at.query_params["s"] = [each.as_address() for each in scenarios]
    return at.switch_page(str(PROJECT_ROOT / "pages" / "whatif.py")).run()


def tables(at: AppTest) -> list[pl.DataFrame]:
    return [pl.from_pandas(table.value) for table in at.dataframe]


def scenarios_of(at: AppTest) -> list[Scenario]:
    given = at.query_params["s"]
    return [from_address(text) for text in ([given] if isinstance(given, str) else given)]


def report_of(book: Path, scenario: Scenario) -> dict[str, Line]:
    scope = WHOLE_BOOK.narrowed(currencies=("CNY",))
    return {line.measure: line for line in run(current_book(book), load_packs(), scenario, scope=scope).lines}


@pytest.mark.parametrize("language", LANGUAGES)
def test_tiles_and_rows_say_what_the_report_says(
    demo_book: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_drawn, "MOST_DRAWN", 1_000_000)
    lines, words = report_of(demo_book, TWO), words_in(language)
    at = page(TWO, lang=language)
    assert not at.exception, at.exception
    shown = {metric.label: metric.value.replace(",", "") for metric in at.metric}
    assert shown[words("metric.recount_stopped.name")] == f"{lines['contacts_stopped'].scenario:.0f}"
    assert shown[words("metric.recount_over.name")] == f"{lines['breaches_counted'].scenario:.0f}"
    for measure in ("contacts_stopped", "breaches_counted", "early_calls", "contacts_held"):
        at.segmented_control(key="rows_of").set_value(measure).run()
        assert not at.error, [error.value for error in at.error]
        assert lines[measure].scenario, f"{measure} must be more than 0 for the rows to prove anything"
        assert tables(at)[-1].height == lines[measure].scenario


def test_four_scenarios_stand_side_by_side_with_today(demo_book: Path) -> None:
    at = page(TWO, ONE, Scenario(), TWO)
    assert not at.exception, at.exception
    table = tables(at)[0]
    assert {"measure", "today", "A", "B", "C", "D", "rung"} == set(table.columns)
    assert table["A"].to_list() == table["D"].to_list()
    answered = table.filter(pl.col("C") != "refused")
    assert answered.height >= 9
    assert answered["C"].to_list() == answered["today"].to_list()
    stopped = table.filter(pl.col("measure") == "Contacts stopped").row(0, named=True)
    assert stopped["B"].replace(",", "") == f"{report_of(demo_book, ONE)['contacts_stopped'].scenario:.0f}"


def test_a_scenario_that_makes_no_sense_is_told_and_left_out() -> None:
    at = opened("whatif", lang="en", currency="CNY", s="cap_max=-1")
    assert not at.exception
    assert ["cap_max is -1" in warning.value for warning in at.warning] == [True]


def test_a_chinese_page_tells_a_bad_scenario_in_chinese() -> None:
    at = opened("whatif", lang="zh", currency="CNY", s=["cap_max=-1", "from=2001-01-01&to=2001-02-01"])
    assert not at.exception
    assert [warning.value for warning in at.warning] == [
        "链接中的一个方案未采用：链接：允许触达次数（cap_max）为 -1；请填 0 至 10 的整数（次触达）。"
    ]
    assert any("2001-01-01 至 2001-02-01 没有触达记录；请在 " in info.value for info in at.info)


def test_a_scenario_without_an_answer_says_why() -> None:
    at = page(scenario_of({"from": "2001-01-01", "to": "2001-02-01"}, "here"))
    assert not at.exception
    assert any("the log has no contact from 2001-01-01" in info.value for info in at.info)


def test_the_form_moves_a_lever_into_the_address() -> None:
    at = page(ONE)
    field = next(each for each in at.number_input if each.label == "Wait after first reminder (hours)")
    field.set_value(48)
    next(each for each in at.button if each.label == "Compare with today").click().run()
    assert not at.exception, at.exception
    (moved,) = scenarios_of(at)
    assert dict(moved.levers) == {"M1.cap_max": 1, "wait_hours": 48}
    assert moved.title == ONE.title


def test_a_cell_of_the_frontier_becomes_the_scenario(demo_book: Path) -> None:
    at = page(TWO, view="frontier")
    assert not at.exception, at.exception
    lines = report_of(demo_book, TWO)
    text = all_text(at)
    assert f"{lines['breaches_counted'].scenario:,.0f} breaches counted" in text
    assert f"{lines['contacts_stopped'].scenario:,.0f} contacts stopped" in text
    next(each for each in at.number_input if each.label == "Contacts allowed").set_value(3)
    at.button(key="open_cell").click().run()
    (moved,) = scenarios_of(at)
    assert dict(moved.levers) == {**dict(TWO.levers), "cap_max": 3}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", ["frontier", "run_off", "experiments", "saved"])
def test_every_part_opens_in_both_languages(view: str, language: str) -> None:
    at = page(TWO, lang=language, view=view)
    assert not at.exception, at.exception
    assert not at.error
    assert at.subheader[0].value == words_in(language)(f"whatif.{view}")


def test_a_scenario_is_saved_on_the_desk_and_opened_again() -> None:
    at = page(ONE, view="saved")
    at.button(key="save").click().run()
    assert "Saved as number 1" in at.success[0].value
    at = page(TWO, view="saved")
    at.multiselect(key="saved").set_value([1]).run()
    at.button(key="open_saved").click().run()
    assert not at.exception, at.exception
    (back,) = scenarios_of(at)
    assert (back.title, back.levers) == (ONE.title, ONE.levers)
    assert back.author


def test_a_version_without_a_model_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duewatch.whatif.model", None)
    assert words_in("en")("whatif.no_model") in all_text(page(TWO))


def test_a_model_is_asked_through_its_door_and_its_lines_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, object]] = []

    def answer(_ask: object, scenario: Scenario, **given: object) -> SimpleNamespace:
        asked.append(("answer", (scenario, given["today"], given["fitted"])))
        line = Line("CNY", "recovered_cap", "money", "L2", 100.0, 130.0, 110.0, 150.0, 0.0, 30.0)
        checks = pl.DataFrame({"currency": ["CNY", "USD"], "check": ["placebo", "placebo"], "value": [0.0, 1.0]})
        none = checks.clear()
        return SimpleNamespace(lines=(line,), trust=checks, backtest=none, effects=none, dials=none, confounding=none)

    def fit(_ask: object, **given: object) -> str:
        asked.append(("fit", given["period"]))
        return "fitted"

    fake = SimpleNamespace(LEVERS_OF_THE_MODEL=("cap_max",), ModelSettings=object, fit=fit, answer=answer)
    monkeypatch.setitem(sys.modules, "duewatch.whatif.model", fake)
    at = page(TWO)
    assert not asked, "nothing is fitted before somebody asks"
    at.button(key="model_run").click().run()
    assert not at.exception, at.exception
    assert [name for name, _ in asked] == ["fit", "answer"]
    assert asked[1][1] == (TWO, TWO.today, "fitted")
    shown = tables(at)
    assert any("confounding" in table.columns and table["scenario"].to_list() == ["¥130"] for table in shown)
    placebo = words_in("en")("whatif.code.placebo")
    assert any(table.columns == ["check", "value"] and table["check"].to_list() == [placebo] for table in shown)
    again = page(TWO)
    assert [name for name, _ in asked] == ["fit", "answer"], "the answer is kept by book and scenario, for all sessions"
    assert any("confounding" in table.columns for table in tables(again))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_warning_stands_beside_the_lines_that_it_warns_of(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(
        "CNY",
        "model_cash",
        "money",
        "L2",
        100.0,
        130.0,
        110.0,
        150.0,
        -5.0,
        30.0,
        12_345,
        "in English",
        "model_warned_unanswered_dials",
        "account_days",
        Fit(12_345, 678, 901, 23, 45),
    )
    none = pl.DataFrame(schema={"currency": pl.String})
    said = SimpleNamespace(lines=(line,), trust=none, backtest=none, effects=none, dials=none, confounding=none)
    fake = SimpleNamespace(
        LEVERS_OF_THE_MODEL=("cap_max",),
        ModelSettings=object,
        fit=lambda *_, **__: "fitted",
        answer=lambda *_, **__: said,
    )
    monkeypatch.setitem(sys.modules, "duewatch.whatif.model", fake)
    at = page(TWO, lang=language)
    at.button(key="model_run").click().run()
    assert not at.exception, at.exception
    words = words_in(language)
    told = [each.value for each in at.warning]
    assert any(words("whatif.why.model_warned_unanswered_dials") in each for each in told)
    (shown,) = [table for table in tables(at) if "confounding" in table.columns]
    assert shown["scenario"].to_list() == ["¥130"]
    assert shown["n"].to_list() == [words("whatif.n_cell", n="12,345", of=words("whatif.n_of.account_days"))]
    rests_on = words(
        "whatif.rests_on_fit", account_days="12,345", payments="678", talks="901", debtors="23", debtors_all="45"
    )
    assert rests_on in all_text(at)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_of_the_model_has_words_in_both_languages(language: str) -> None:
    words = words_in(language)
    for name in whatif_model.FRAMES:
        assert words.has(f"whatif.model_{name}")
        for column in TABLES[name]:
            assert words.has(f"column.{column}"), f"{column} of {name}"
    for step in whatif_model.STEPS:
        assert words.has(f"whatif.step.{step}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_twelve_months_by_segment_add_up_beside_the_whole_book(language: str) -> None:
    words = words_in(language)
    better = scenario_of({"levers": {"cure_times": 1.2}}, "here")
    at = page(better, Scenario(), lang=language, view="run_off")
    at.segmented_control(key="run_off_by").set_value("product").run()
    assert not at.exception, at.exception
    assert len(at.get("plotly_chart")) == 2, "a fan for each scenario"
    table = next(table for table in tables(at) if "own_moves" in table.columns)
    assert table["name"].to_list()[-2:] == [words("whatif.all_segments"), words("whatif.whole_book")]
    assert table.height >= 4
    assert (table["today"] != table["scenario"]).all()
    names = table["name"].to_list()[:-2]
    at.selectbox(key="segment_product").set_value(names[0]).run()
    assert not at.exception, at.exception
    assert any(names[0] in text.value for text in at.markdown)


def test_a_point_of_the_picture_becomes_the_scenario() -> None:
    at = page(scenario_of({"levers": {"cap_max": 2, "cap_days": 7, "cost_per_contact": 0.5}}, "here"), view="frontier")
    assert not at.exception, at.exception
    points = at.selectbox(key="tradeoff_point")
    one = next(no for no, text in enumerate(points.options) if text.startswith("At most 1 contacts in 14 dates"))
    points.set_value(one).run()
    at.button(key="open_point").click().run()
    assert not at.exception, at.exception
    (moved,) = scenarios_of(at)
    assert dict(moved.levers) == {"cap_max": 1, "cap_days": 14, "cost_per_contact": 0.5}


def test_a_refused_model_leaves_the_picture_as_it_was_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(_ask: object, _scenario: Scenario, **_given: object) -> SimpleNamespace:
        return SimpleNamespace(lines=(Line("CNY", "model_cash", "money", "refused", code="model_few"),))

    @dataclass(frozen=True)
    class Few:
        replicates: int = 4
        draws: int = 50
        multipliers: tuple[float, ...] = (0.0, 1.0)
        hidden_judgement: str = "warn"

    @dataclass(frozen=True)
    class Fitted:
        parts: dict[str, None]

    fake = SimpleNamespace(
        LEVERS_OF_THE_MODEL=("cap_max",),
        ModelSettings=Few,
        answer=answer,
        fit=lambda _ask, **_given: Fitted({"CNY": None}),
    )
    monkeypatch.setitem(sys.modules, "duewatch.whatif.model", fake)
    words = words_in("en")
    at = page(TWO, view="frontier")
    assert words("whatif.tradeoff_refused") not in all_text(at)
    at.button(key="tradeoff_run").click().run()
    assert not at.exception, at.exception
    assert words("whatif.tradeoff_refused") in all_text(at)
    assert words("whatif.why.model_few") in all_text(at)
    assert any("breaches_left" in table.columns and "recovered" not in table.columns for table in tables(at))


def test_other_cuts_say_what_the_page_of_grades_says(demo_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the page's later day its rows, on its earlier one the accounts that it says would change."""
    monkeypatch.setattr(rows_drawn, "MOST_DRAWN", 1_000_000)
    words, scope = words_in("en"), WHOLE_BOOK.narrowed(currencies=("CNY",))
    with open_session(current_book(demo_book), Settings(), scope) as asks:
        before, after = sorted(portfolio.snapshot_days(asks.scoped)["as_of"].to_list())[-2:]
    at = opened("grades", lang="en", currency="CNY", as_of=str(after))
    at.number_input(key="medium_from").set_value(16)
    at.number_input(key="high_from").set_value(45).run()
    assert not at.exception, at.exception
    rows = next(table for table in tables(at) if {"points", "balance", "account_id"} <= set(table.columns))
    moves = next(table for table in tables(at) if "grade_before" in table.columns)
    levers = {"grade_cuts": "16,45"}
    now, then = (report_of(demo_book, scenario_of({"levers": levers, "to": day}, "here")) for day in (after, before))
    for grade in ("low", "medium", "high"):
        name = words(f"risk_grade.{grade}")
        mine = rows.filter(pl.col("grade") == name)
        assert now[f"grade_accounts_{grade}"].today == mine.height
        assert now[f"grade_balance_{grade}"].today == pytest.approx(float(mine["balance"].cast(pl.Float64).sum()))
        into, out = (moves.filter(pl.col(side) == name)["n_accounts"].sum() for side in ("grade_after", "grade_before"))
        assert then[f"grade_accounts_{grade}"].difference == into - out
    assert moves["n_accounts"].sum() > 0
    shown = page(scenario_of({"levers": levers}, "here"), lang="zh")
    assert any(
        "高等级：逾期户数" in str(table["measure"].to_list()) for table in tables(shown) if "rung" in table.columns
    )


def test_other_buckets_move_into_the_address_and_bad_ones_are_one_sentence() -> None:
    at = page(ONE)
    label = words_in("en")("lever.bucket_bounds")
    next(each for each in at.text_input if each.label == label).set_value("20, 50")
    next(each for each in at.button if each.label == "Compare with today").click().run()
    assert not at.exception, at.exception
    (moved,) = scenarios_of(at)
    assert dict(moved.levers)["bucket_bounds"] == "20,50"
    assert any("M2: accounts" in str(table["measure"].to_list()) for table in tables(at) if "measure" in table.columns)
    next(each for each in at.text_input if each.label == label).set_value("50,20")
    next(each for each in at.button if each.label == "Compare with today").click().run()
    assert any("bucket_bounds is '50,20'; give the last day past due" in error.value for error in at.error)
