from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from duewatch.ui.parts.numbers import Numbers

EN, ZH = Numbers("en", "CNY"), Numbers("zh", "CNY")


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        (Decimal("41203311.07"), "¥41.2m", "¥4,120万"),
        (Decimal("123456789.00"), "¥123m", "¥1.23亿"),
        (Decimal("1234567890.12"), "¥1.23bn", "¥12.3亿"),
        (Decimal("9999.50"), "¥10k", "¥1万"),
        (Decimal("950.00"), "¥950", "¥950"),
        (Decimal("0.00"), "¥0", "¥0"),
        (Decimal("-405000"), "−¥405k", "−¥40.5万"),
    ],
)
def test_money_is_short_in_the_units_of_the_language(amount: Decimal, english: str, chinese: str) -> None:
    assert EN.money(amount) == english
    assert ZH.money(amount) == chinese


def test_exact_money_keeps_every_cent_of_a_sum_no_float_could_hold() -> None:
    assert EN.exact_money(Decimal("99999999999999.99")) == "¥99,999,999,999,999.99"


def test_a_currency_without_cents_is_written_without() -> None:
    assert Numbers("en", "JPY").exact_money(Decimal("1200")) == "¥1,200"


def test_a_change_has_its_sign_and_a_true_minus() -> None:
    assert EN.points(0.0042) == "+0.4 pp"
    assert EN.points(-0.0042) == "−0.4 pp"
    assert ZH.points(-0.0042) == "−0.4 个百分点"


def test_a_change_that_rounds_to_nothing_has_no_sign() -> None:
    assert EN.points(-0.0001) == "0.0 pp"
    assert EN.percent(Decimal("-0.0004"), signed=True) == "0.0%"


def test_none_is_a_dash_and_never_zero() -> None:
    assert {EN.money(None), EN.percent(None), EN.points(None), EN.count(None), EN.interval(None, 0.1)} == {"—"}


def test_an_interval_names_both_limits() -> None:
    assert EN.interval(0.119, 0.1284) == "11.9%–12.8%"


def test_days_are_written_as_people_write_them() -> None:
    assert EN.day(date(2026, 9, 30)) == "30 Sep 2026"
    assert ZH.day(date(2026, 9, 30)) == "2026年9月30日"
