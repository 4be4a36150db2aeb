"""How numbers are written in each language: 万 and 亿 in Chinese, k, m and bn in English; a dash for None.

Screens round to what the eye needs; tables and downloads keep the exact value. A minus is U+2212 on screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_precision, get_currency_symbol

DASH = "—"
MINUS = "−"
Number = Decimal | int | float | None

_LOCALE = {"en": "en", "zh": "zh_CN"}
_STEPS = {
    "en": ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k")),
    "zh": ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")),
}
_POINTS = {"en": " pp", "zh": " 个百分点"}


@dataclass(frozen=True)
class Numbers:
    """Writes numbers for one language and one currency (ISO 4217)."""

    language: str
    currency: str

    @property
    def symbol(self) -> str:
        symbol = get_currency_symbol(self.currency, locale=_LOCALE[self.language])
        return "¥" if self.currency == "CNY" else symbol

    def money(self, amount: Number, *, signed: bool = False) -> str:
        """Three figures and a unit: ¥41.2m, ¥4,120万."""
        if amount is None:
            return DASH
        sign = _sign(amount, signed)
        return f"{sign}{self.symbol}{self._short(abs(_exact(amount)))}"

    def exact_money(self, amount: Number) -> str:
        """To the last cent: ¥41,203,311.07."""
        if amount is None:
            return DASH
        places = get_currency_precision(self.currency)
        text = format_decimal(abs(_exact(amount)), format=f"#,##0.{'0' * places}", locale=_LOCALE[self.language])
        return f"{_sign(amount, False)}{self.symbol}{text}"

    def short(self, amount: Number, *, signed: bool = False) -> str:
        """Three figures and a unit, without a currency: for counts on an axis."""
        return DASH if amount is None else f"{_sign(amount, signed)}{self._short(abs(_exact(amount)))}"

    def count(self, n: Number) -> str:
        """A whole number in full: 20,000."""
        return DASH if n is None else format_decimal(_exact(n), format="#,##0", locale=_LOCALE[self.language])

    def percent(self, share: Number, *, digits: int = 1, signed: bool = False) -> str:
        """0.1234 is 12.3%; None is a dash."""
        if share is None:
            return DASH
        rounded = _rounded(_exact(share) * 100, digits)
        return f"{_sign(rounded, signed)}{self._fixed(abs(rounded), digits)}%"

    def points(self, change: Number, *, digits: int = 1) -> str:
        """A difference of shares in percentage points, with its sign: +0.4 pp."""
        if change is None:
            return DASH
        rounded = _rounded(_exact(change) * 100, digits)
        return f"{_sign(rounded, True)}{self._fixed(abs(rounded), digits)}{_POINTS[self.language]}"

    def interval(self, low: Number, high: Number, *, digits: int = 1) -> str:
        """Limits of a share: 11.9%–12.8%."""
        if low is None or high is None:
            return DASH
        return f"{self.percent(low, digits=digits)}–{self.percent(high, digits=digits)}"

    def day(self, day: date | None) -> str:
        """A day in a sentence: 30 Sep 2026, 2026年9月30日. Tables keep ISO dates."""
        if day is None:
            return DASH
        pattern = "d MMM y" if self.language == "en" else "y年M月d日"
        return format_date(day, format=pattern, locale=_LOCALE[self.language])

    def _short(self, amount: Decimal) -> str:
        for step, unit in _STEPS[self.language]:
            if amount >= step * Decimal("0.9995"):
                return f"{self._three_figures(amount / step)}{unit}"
        return self._three_figures(amount)

    def _three_figures(self, amount: Decimal) -> str:
        digits = 2 if amount < Decimal("9.995") else 1 if amount < Decimal("99.95") else 0
        text = self._fixed(_rounded(amount, digits), digits)
        return text.rstrip("0").rstrip(".") if digits and "." in text else text

    def _fixed(self, amount: Decimal, digits: int) -> str:
        pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
        return format_decimal(amount, format=pattern, locale=_LOCALE[self.language])


def _exact(amount: Decimal | int | float) -> Decimal:
    return amount if isinstance(amount, Decimal) else Decimal(str(amount))


def _rounded(amount: Decimal, digits: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _sign(amount: Decimal | int | float, plus: bool) -> str:
    if amount < 0:
        return MINUS
    return "+" if plus and amount > 0 else ""
