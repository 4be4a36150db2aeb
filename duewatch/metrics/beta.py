"""The beta distribution: log of its function, its cumulative distribution and its quantiles, in plain Python."""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, log1p

STEPS = 300
"""Terms of the continued fraction at most; it needs about the square root of the larger parameter."""
TINY = 1e-300


def log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def beta_below(x: float, a: float, b: float) -> float:
    """Chance that a Beta(a, b) number is at most x (the regularised incomplete beta function)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(a * log(x) + b * log1p(-x) - log_beta(a, b))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


@lru_cache(maxsize=4096)
def beta_quantile(share: float, a: float, b: float) -> float:
    """The x that a Beta(a, b) number is below with chance `share`, by halving."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if beta_below(middle, a, b) < share else (low, middle)
    return (low + high) / 2


def _fraction(x: float, a: float, b: float) -> float:
    """Lentz's evaluation of the continued fraction (Abramowitz and Stegun 26.5.8)."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, STEPS):
        before = value
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away(1 + term * d)
            c = _away(1 + term / c)
            value *= c * d
        if abs(value - before) <= 1e-14 * abs(value):
            break
    return value


def _away(value: float) -> float:
    """Never exactly 0, so that it can be divided by."""
    return value if abs(value) > TINY else TINY
