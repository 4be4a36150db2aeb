"""Columns of a table: which comes first, and how wide words are; settings of the process have words."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from duewatch.compliance import process_rules as process
from duewatch.contract.i18n import all_keys, words_in
from duewatch.ui.parts.code_labels import headings, with_code_labels
from duewatch.ui.parts.table import WIDEST_WORDS, amount_first, home_last, label_width
from duewatch.ui.process.sections import setting_words


def test_the_first_amount_stands_beside_the_account() -> None:
    frame = pl.DataFrame(
        {
            "contact_id": ["C"],
            "account_id": ["A"],
            "state": ["M1"],
            "balance": [Decimal("1.00")],
            "paid": [Decimal("2.00")],
        }
    )
    assert amount_first(frame).columns == ["contact_id", "account_id", "balance", "state", "paid"]
    assert amount_first(frame.drop("balance", "paid")).columns == ["contact_id", "account_id", "state"]


def test_product_and_branch_stand_behind_what_is_said_of_the_account() -> None:
    frame = pl.DataFrame(
        {"account_id": ["A"], "branch": ["B"], "product": ["P"], "bucket": ["M1"], "balance": [Decimal("1.00")]}
    )
    assert amount_first(home_last(frame)).columns == ["account_id", "balance", "bucket", "product", "branch"]
    assert home_last(frame.drop("branch", "product")).columns == ["account_id", "bucket", "balance"]


def test_a_column_of_words_has_room_for_its_longest() -> None:
    assert label_width("State", pl.Series(["Kept", "Partly paid", None])) == 11 * 7 + 20
    assert label_width("状态", pl.Series(["已兑现", "部分兑现了"])) == 10 * 7 + 20
    assert label_width("A long heading", pl.Series(["Kept", "Broken"])) == 14 * 7 + 20


def test_a_column_of_like_words_or_of_a_long_text_is_left_to_the_browser() -> None:
    assert label_width("Bucket", pl.Series(["M1", "M2"])) is None
    assert label_width("Bucket", pl.Series([None], dtype=pl.String)) is None
    assert label_width("Reason", pl.Series(["a", "b" * WIDEST_WORDS])) is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_setting_of_the_process_has_words(language: str) -> None:
    words = words_in(language)
    named = {
        setting_words(words, f"{rule.name}.{name}", rule)
        for rule in process.load_process().rules
        for name, value in rule.values.items()
        if isinstance(value, int)
    }
    assert len(named) >= 12
    assert not any("_" in text for text in named)


def test_an_excel_file_has_codes_and_headings_in_words_and_no_two_alike() -> None:
    frame = pl.DataFrame({"account_id": ["A"], "state": ["partial"], "risk_grade": ["high"], "of_the_lender": ["x"]})
    assert with_code_labels(words_in("zh"), frame).row(0) == ("A", "部分兑现", "高", "x")
    assert with_code_labels(words_in("zh"), pl.DataFrame({"risk_grade": ["unknown"], "balance_band": ["middle"]})).row(
        0
    ) == ("未知", "中间三分之一")
    several = pl.DataFrame({"todos": ["promise_due|crossing", None], "holds": ["dispute", "dispute|unheard_of"]})
    in_words = with_code_labels(words_in("zh"), several)
    assert in_words.rows() == [("承诺到期；即将跨段", "争议未解决"), (None, "争议未解决；unheard_of")]
    assert with_code_labels(words_in("zh"), in_words).equals(in_words)
    told = headings(words_in("zh"), [*frame.columns, "bucket"])
    assert list(told.values()) == ["账户", "状态", "风险等级", "of_the_lender", "账龄段"]
    own = headings(words_in("zh"), ["today", "A"], {"A": "A · 每天一次"})
    assert own == {"today": "现状", "A": "A · 每天一次"}
    for language in ("en", "zh"):
        words = words_in(language)
        columns = [key.removeprefix("column.") for key in all_keys(language) if key.startswith("column.")]
        assert len({text.casefold() for text in headings(words, columns).values()}) == len(columns)
