"""What a parameter may be: a value beyond it is refused by name, never answered with another number."""

from __future__ import annotations

from datetime import date

import pytest

from duewatch.contract.errors import QueryError
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.engines import Scalar
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.engines.parameters import Parameter
from duewatch.engines.query_files import query_file
from tests.support.commands import called
from tests.support.small_books import account, engine_over, snapshot

DAY = date(2026, 10, 31)
PERIOD: dict[str, Scalar] = {"from_date": date(2026, 10, 1), "to_date": DAY}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> DuckDBEngine:
    folder = tmp_path_factory.mktemp("book")
    return engine_over(folder, accounts=[account(1)], snapshots=[snapshot(1, DAY, 40, "100.00")])


def refusal(engine: DuckDBEngine, name: str, given: dict[str, Scalar]) -> str:
    with pytest.raises(QueryError) as caught:
        engine.run(name, given, WHOLE_BOOK)
    return caught.value.sentence


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("portfolio/vintage", {"as_of": DAY, "min_bucket": "m2"}, "there is no value 'm2'; did you mean 'M2'?"),
        ("portfolio/vintage", {"as_of": DAY, "min_bucket": "M0"}, "It takes M1, M2, M3, M4, M5, M6, M7+."),
        ("portfolio/accounts_in_bucket", {"as_of": DAY, "bucket": "M7"}, "did you mean 'M7+'?"),
        ("recovery/liquidation_curve", {"as_of": DAY, "entry_bucket": "m1"}, "did you mean 'M1'?"),
        ("teams/observed_expected", {**PERIOD, "as_of": DAY, "outcome": "Cured"}, "did you mean 'cured'?"),
        ("explore/standing_units", {"as_of": DAY, "measure": "ninty_plus"}, "did you mean 'ninety_plus_balance'?"),
        ("contacts/reach_by", {**PERIOD, "channel": "phone"}, "there is no value 'phone'"),
        ("process/account_steps", {"as_of": DAY, "fields": "phone,ssn"}, "there is no value 'ssn'"),
        ("compliance/verdicts_by_rule", {**PERIOD, "pack_id": "us.regf"}, "there is no value 'us.regf'; it takes all."),
        ("promises/kept_ratio", {**PERIOD, "as_of": DAY, "tolerance": 90.0}, "90.0 is out of range; give 0.01 to 1."),
        ("promises/kept_ratio", {**PERIOD, "as_of": DAY, "tolerance": "nan"}, "parameter tolerance: nan is out of"),
        ("promises/kept_ratio", {**PERIOD, "as_of": DAY, "tolerance": "1e20"}, "1e+20 is out of range"),
        ("promises/kept_ratio", {**PERIOD, "as_of": DAY, "grace_days": -5}, "-5 is out of range; give 0 to 60."),
        ("recovery/liquidation_curve", {"as_of": DAY, "horizon_days": 10**20}, "out of range; give 0 to 3660."),
        ("process/intensity", {**PERIOD, "as_of": DAY, "early_days": 90, "middle_days": 30}, "give 90 to 3660."),
        ("contacts/funnel", {"from_date": DAY, "to_date": date(2026, 10, 1)}, "is after to_date 2026-10-01"),
        ("contacts/reach_change", {**PERIOD, "split_on": date(2026, 11, 9)}, "give 2026-10-01 to 2026-10-31."),
    ],
)
def test_a_value_that_a_header_does_not_allow_is_refused_by_name(
    engine: DuckDBEngine, name: str, given: dict[str, Scalar], sentence: str
) -> None:
    told = refusal(engine, name, given)
    assert told.startswith(name)
    assert sentence in told


def test_the_ends_of_a_range_and_each_word_of_a_list_are_answered(engine: DuckDBEngine) -> None:
    for tolerance, grace_days in ((0.01, 0), (1.0, 60)):
        given: dict[str, Scalar] = {**PERIOD, "as_of": DAY, "tolerance": tolerance, "grace_days": grace_days}
        assert engine.run("promises/kept_ratio", given, WHOLE_BOOK).is_empty()
    for bucket, n in (("M1", 0), ("M2", 1), ("M7+", 0), ("overdue", 1), ("all", 1)):
        rows = engine.run("portfolio/accounts_in_bucket", {"as_of": DAY, "bucket": bucket}, WHOLE_BOOK)
        assert rows.height == n


def test_an_open_range_has_no_upper_end() -> None:
    least = Parameter("least", "integer", "how few", "10", "range: 1 up")
    least.check(10**6, {}, None, "x/y")
    with pytest.raises(QueryError, match="x/y, parameter least: 0 is out of range; give 1 or more"):
        least.check(0, {}, None, "x/y")


def test_a_catalogue_tells_what_a_parameter_may_be() -> None:
    told = {param.name: param.told for param in query_file("process/checks_by").params}
    assert told["grouping_by"] == "one of stage, team, month, branch, product"
    assert told["rule_id"] == "one of a process rule of the book, all"
    assert told["from_date"] == ""
    told = {param.name: param.told for param in query_file("promises/kept_ratio").params}
    assert (told["grace_days"], told["tolerance"]) == ("0 to 60", "0.01 to 1")


def test_the_command_line_refuses_with_exit_code_2() -> None:
    days = ("--from-date", "2026-09-30", "--to-date", "2026-10-31")
    result = called("query", "portfolio/step_moves", *days, "--segment-by", "Branch", "--books", "nowhere")
    assert result.returncode == 2
    assert "parameter segment_by: there is no value 'Branch'; did you mean 'branch'?" in result.stderr.decode()
