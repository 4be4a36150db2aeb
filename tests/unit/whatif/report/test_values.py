"""The command says what the page shows: arms, every cap, twelve months; up to four scenarios side by side."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from duewatch.books.published import current_book
from duewatch.cli.whatif import whatif_command
from duewatch.compliance import policy_recount as recount
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_kinds import Window
from duewatch.contract.errors import DuewatchError
from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.contract.settings import Settings
from duewatch.whatif.comparison import side_by_side
from duewatch.whatif.report.table import NO_LIMITS, NO_VALUE, _dashes, _fit, _reasons, aligned, written
from duewatch.whatif.result import N_OF, Fit, Line, Report

PACKS = load_packs()
SECTIONS = ("--arms", "--grid", "--run-off")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    tmp_path, made = tmp_path_factory.mktemp("scenarios"), {}
    for name, text in {
        "two": 'title = "two"\n[levers]\ncap_max = 2\ncap_days = 7\n',
        "wait": 'title = "wait"\n[levers]\nwait_hours = 48\ncost_per_contact = 0.5\n',
        "above": "[levers]\nfrom = 2026-08-01\n",
        "nan": "[levers]\ncap_max = nan\n",
        "inf": "[levers]\ncalls_per_day = inf\n",
        "order": "[levers]\npriority = 3\n",
        "true": "[levers]\nwait_hours = true\n",
        "title": "title = 3\n",
        "bucket": "[levers]\nM12.cap_max = 1\n",
        "days": "[levers]\nbucket_bounds = 30\n",
        "low": "[levers]\ncap_max = -1\n",
        "long": "[levers]\nwait_hours = 1000\n",
        "lever": "[levers]\ncap = 1\n",
        "late": "from = 2026-10-31\nto = 2026-10-01\n",
        "day": 'from = "soon"\n',
        "broken": "[levers\n",
        "key": "lever = 1\n",
        "far": "from = 1990-01-01\nto = 1990-02-01\n",
        "half": "[levers]\ncap_max = 1.5\n",
        "rule": '[levers]\ncap_rule = "no.such_rule"\n',
        "hours": "[levers]\nhours_from = 20\nhours_to = 8\n",
    }.items():
        made[name] = tmp_path / f"{name}.toml"
        made[name].write_text(text, encoding="utf-8")
    return made


def run_command(book: Path, *given: object) -> Result:
    words = [str(each) for each in given] + ["--books", str(book)]
    return CliRunner().invoke(whatif_command, words, catch_exceptions=True)


@cache
def values(book: Path, *given: object) -> dict[str, object]:
    """What the command says, asked once: nobody changes the file of a scenario or what is told of it."""
    result = run_command(book, *given, "--format", "json")
    assert not result.exception, result.exception
    actual: dict[str, object] = json.loads(result.stdout)
    return actual


def test_sections_come_only_where_they_are_asked_for(demo_book: Path, files: dict[str, Path]) -> None:
    assert set(values(demo_book, files["two"])) == {"scenario", "stamp", "lines"}
    actual = values(demo_book, files["two"], *SECTIONS)
    assert set(actual) == {"scenario", "stamp", "lines", "arms", "grid", "run_off"}


def test_every_cap_of_the_grid_is_the_re_count_of_that_cap(demo_book: Path, files: dict[str, Path]) -> None:
    actual = values(demo_book, files["two"], *SECTIONS)
    grids = {grid["currency"]: grid for grid in actual["grid"]}  # type: ignore[attr-defined]
    each = recount.cap_of(PACKS, "house.daily_contacts", Settings())
    for currency, grid in grids.items():
        assert len(grid["cells"]) == 300
        assert (grid["scenario"]["max_count"], grid["scenario"]["window_days"]) == (2, 7)
        cells = {(cell["max_count"], cell["window_days"]): cell for cell in grid["cells"]}
        for limit in ((2, 7), (1, 1), (10, 30)):
            events = recount.replay_limit(
                current_book(demo_book),
                each,
                recount.Limit(limit[0], Window("local_date", limit[1])),
                from_date=pl.Series([grid["from"]]).str.to_date()[0],
                to_date=pl.Series([grid["to"]]).str.to_date()[0],
            ).filter(pl.col("currency") == currency)
            assert cells[limit]["n_over"] == events["is_over"].sum()
            assert cells[limit]["n_stopped"] == events["is_stopped"].sum()
        for wall in grid["walls"]:
            assert any(step["max_count"] for step in wall["safe_up_to"])


def test_a_read_out_says_sizes_power_and_the_shortest_run(demo_book: Path, files: dict[str, Path]) -> None:
    actual = values(demo_book, files["two"], "--arms", "--within", "20")
    for arms in actual["arms"]:  # type: ignore[attr-defined]
        assert arms["within_days"] == 20
        assert {size["weeks"] is None or size["weeks"] >= arms["least_weeks"] for size in arms["sizes"]} <= {True}
        for one in arms["read_outs"]:
            assert one["is_split_right"] == (one["p_split"] >= 0.001)
            assert (one["difference"] is None) == (not one["is_split_right"])
        assert ("reason" in arms) == (len(arms["arms"]) < 2)
    assert any(len(arms["arms"]) >= 2 for arms in actual["arms"]), "the demo holds some accounts out"  # type: ignore[attr-defined]


def test_twelve_months_hold_their_bands_and_their_backtest(demo_book: Path, files: dict[str, Path]) -> None:
    for told_of in values(demo_book, files["two"], *SECTIONS)["run_off"]:  # type: ignore[attr-defined]
        assert len(told_of["months"]) == 12 * 4 or "reason" in told_of
        for row in told_of["months"]:
            assert row["low_95"] <= row["low_80"] <= row["high_80"] <= row["high_95"]
            assert row["today"] == row["scenario"]
        if told_of["months"]:
            assert told_of["backtest_verdict"] in ("passed", "wape", "bias", "coverage", "not_assessable")


def test_scenarios_stand_side_by_side_as_each_stands_alone(demo_book: Path, files: dict[str, Path]) -> None:
    both = values(demo_book, files["two"], files["wait"])
    alone = [values(demo_book, files[name]) for name in ("two", "wait")]
    assert [each["lines"] for each in both["scenarios"]] == [each["lines"] for each in alone]  # type: ignore[attr-defined]
    compared = {(row["currency"], row["measure"]): row for row in both["compared"]}  # type: ignore[attr-defined]
    for letter, one in zip("AB", alone, strict=True):
        for line in one["lines"]:  # type: ignore[attr-defined]
            row = compared[line["currency"], line["measure"]]
            assert row[letter]["scenario"] == line["scenario"]
            assert row["today"] == line["today"] or row["today"] is None
    assert compared["CNY", "recovered_wait_hours"]["A"] is None


def test_a_today_that_is_not_one_is_not_told_as_one() -> None:
    one, other = Line("CNY", "cost", "money", "L1", 10.0, 8.0), Line("CNY", "cost", "money", "L1", 20.0, 8.0)
    (row,) = side_by_side([("A", [one]), ("B", [other])])
    assert row.today is None
    assert not row.is_one_today
    (row,) = side_by_side([("A", [one]), ("B", [one])])
    assert row.today == 10.0


def test_a_table_for_people_lines_up_and_names_what_is_refused_once(demo_book: Path, files: dict[str, Path]) -> None:
    text = run_command(demo_book, files["two"], files["wait"], "--format", "table").stdout
    assert text.startswith("A  two  (")
    assert text.count("no price is known") <= 2, "once a currency"
    rows = [line for line in text.splitlines() if line.startswith(("measure", "breaches_counted", "share_kept"))]
    assert len({len(row) for row in rows[:3]}) == 1
    lines = aligned([["a", "回款"], ["bb", "1"]]).splitlines()
    assert lines == ["a   回款", "bb     1"]


@pytest.mark.parametrize(
    ("name", "says"),
    {
        "above": "there is no lever 'from'; write from above [levers]",
        "nan": "cap_max is nan; give a whole number from 0 to 10 (contacts)",
        "inf": "calls_per_day is inf; give a whole number from 0 to 10,000,000 (calls a day",
        "order": "priority is 3; use one of as_logged, balance",
        "true": "wait_hours is true; give a whole number from 0 to 720",
        "title": "title is no plain text of at most 200 characters; write one line in quotes",
        "bucket": "M12.cap_max: the book has no bucket M12; use one of M0",
        "days": "bucket_bounds is 30; give the last day past due of M1, M2 and so on, at most 12 whole numbers from",
        "low": "cap_max is -1; give a whole number from 0 to 10",
        "long": "wait_hours is 1000; give a whole number from 0 to 720",
        "lever": "there is no lever 'cap'; use one of cap_rule",
        "late": "from 2026-10-31 is after to 2026-10-01; swap them",
        "day": "from is 'soon'; write it as 2026-10-31",
        "broken": "is not valid TOML",
        "key": "there is no 'lever'; use one of title",
        "far": "the log has no contact from 1990-01-01 to 1990-02-01; choose days from",
        "half": "cap_max is 1.5; give a whole number from 0 to 10",
        "rule": "no.such_rule",
        "hours": "hours_from 20 is not before hours_to 8",
        "none": "cannot be read (No such file or directory); check the name",
    }.items(),
)
def test_what_makes_no_sense_is_one_sentence(demo_book: Path, files: dict[str, Path], name: str, says: str) -> None:
    error = run_command(demo_book, files.get(name, Path("none.toml"))).exception
    assert isinstance(error, DuewatchError), error
    assert says in error.sentence
    assert "\n" not in error.sentence.rstrip("\n")
    assert error.sentence.endswith(".")
    assert ";" in error.sentence, "and what to do next"


def test_too_many_or_none_are_one_sentence_and_csv_holds_one_table(demo_book: Path, files: dict[str, Path]) -> None:
    assert "5 scenarios are named; give one to 4 files" in str(run_command(demo_book, *[files["two"]] * 5).exception)
    assert "no scenario is named" in str(run_command(demo_book).exception)
    assert "holds the lines of one" in str(run_command(demo_book, files["two"], "--grid", "--format", "csv").exception)


def test_every_number_says_what_it_rests_on_in_the_answer_the_table_and_both_languages(
    demo_book: Path, files: dict[str, Path]
) -> None:
    file = files["two"].with_name("many.toml")
    file.write_text(
        "[levers]\ncap_max = 2\ncap_days = 7\nwait_hours = 48\nhold_promise_days = 5\nhours_from = 9\nremind_days = 2\n"
        "cost_per_contact = 0.5\ndiscount = 0.1\ncure_times = 1.2\nwrite_off_days = 200\nbucket_bounds = '30,60'\n",
        encoding="utf-8",
    )
    lines = values(demo_book, file)["lines"]
    for line in lines:  # type: ignore[attr-defined]
        assert (line["n"] is None) == (line["n_of"] == "")
        assert line["n"] is not None or line["rung"] == "refused", line
        assert line["n_payments"] is None, "only the model's lines rest on a fit"
    used = {line["n_of"] for line in lines if line["n_of"]}  # type: ignore[attr-defined]
    assert used == set(N_OF) - {"account_days"}
    for language in LANGUAGES:
        assert all(words_in(language).has(f"whatif.n_of.{name}") for name in N_OF)
    text = run_command(demo_book, file, "--format", "table").stdout
    (kept,) = [each for each in text.splitlines() if each.startswith("share_kept")][:1]
    line = next(each for each in lines if each["measure"] == "share_kept")  # type: ignore[attr-defined]
    assert kept.endswith(f"{line['n']:,} promises")
    header = run_command(demo_book, file, "--format", "csv").stdout.splitlines()[0].split(",")
    assert {"n", "n_of", "n_payments", "n_talks", "n_debtors", "n_debtors_all"} <= set(header)


def test_what_the_model_learned_from_is_one_sentence_for_all_scenarios() -> None:
    fit = Fit(123_456, 789, 1_011, 300, 3_000)
    line = Line("CNY", "model_cash", "money", "L2", 1.0, 2.0, n=123_456, n_of="account_days", fit=fit)
    assert _fit(side_by_side([("A", [line]), ("B", [line])])) == [
        "The model rests on 123,456 account-days, 789 of them with a payment, 1,011 talks, 300 of 3,000 debtors drawn."
    ]
    assert _fit(side_by_side([("A", [Line("CNY", "share_kept", "share", "L0", 0.1, 0.2, n=5, n_of="promises")])])) == []
    row = Report((line,), None).frame().row(0, named=True)  # type: ignore[arg-type]
    assert [row[name] for name in ("n", "n_payments", "n_talks", "n_debtors", "n_debtors_all")] == [
        123_456,
        789,
        1_011,
        300,
        3_000,
    ]


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [
        ("accounts", -0.3, "0"),
        ("money", -0.001, "0.00"),
        ("share", -0.0001, "0.0 pp"),
        ("accounts", 2.0, "+2"),
        ("money", -1_234.5, "-1,234.50"),
        ("share", 0.0123, "+1.2 pp"),
        ("hours", 0.3, "+0.30"),
    ],
)
def test_a_difference_of_nothing_has_no_sign(unit: str, value: float, shown: str) -> None:
    assert written(Line("CNY", "x", unit, "L2"), value, sign="+") == shown


def test_a_dash_is_explained_where_there_is_one() -> None:
    counted = Line("CNY", "share_kept", "share", "L0", 0.1, 0.2, 0.1, 0.3, n=5, n_of="promises")
    exact = Line("CNY", "early_calls", "contacts", "L0", 0.0, 2.0, n=5, n_of="spells")
    gone = Line("CNY", "bucket_accounts_M4", "accounts", "L0", 3.0, None, 0.0, 1.0, n=5, n_of="accounts")
    assert _dashes(side_by_side([("A", [counted])]), ["A"]) == []
    assert _dashes(side_by_side([("A", [counted, exact])]), ["A"]) == [f"-  {NO_LIMITS}."]
    assert _dashes(side_by_side([("A", [gone])]), ["A"]) == [f"-  {NO_VALUE}."]
    both = side_by_side([("A", [counted, exact]), ("B", [counted])])
    assert _dashes(both, ["A", "B"]) == ["-  no line: the scenario does not ask this."]


def test_where_calls_of_closed_hours_go_is_not_passed_over_in_silence(demo_book: Path, files: dict[str, Path]) -> None:
    for text, actual in (("closed_hours = 'moved'", True), ("closed_hours = 'lost'", False)):
        file = files["two"].with_name(f"closed_{actual}.toml")
        file.write_text(f"[levers]\n{text}\n", encoding="utf-8")
        lines = {line["measure"]: line for line in values(demo_book, file)["lines"]}  # type: ignore[attr-defined]
        assert ("recovered_closed_hours" in lines) == actual
        if actual:
            assert "set hours_from or hours_to too and ask the model" in lines["recovered_closed_hours"]["reason"]


def test_a_warned_line_is_printed_once_with_its_band_and_not_as_refused() -> None:
    line = Line(
        "CNY", "model_cash", "money", "L2", 10.0, 12.0, 11.0, 13.0, -1.0, 3.0, 5, "read the band", "model_warned"
    )
    clear = Line("CNY", "model_talks", "contacts", "L2", 4.0, 5.0)
    rows = side_by_side([("A", (line, clear))])
    assert _reasons(rows, is_refused=False) == ["  model_cash (-1.00 to +3.00): read the band"]
    assert _reasons(rows, is_refused=True) == []
