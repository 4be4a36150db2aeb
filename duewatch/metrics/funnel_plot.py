"""Who differs from what their accounts would lead us to expect: limits, over-dispersion and shrinkage.

Limits are those of a funnel plot: observed / expected = 1, give or take what chance explains given how much is
expected. The over-dispersion factor widens them where everybody scatters more than that (Spiegelhalter, Qual Saf Health
Care 14 (2005) 347-351). Shrinkage is an empirical-Bayes beta-binomial with one precision for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, log, sqrt

from scipy.optimize import minimize_scalar
from scipy.special import betaincinv, betaln

Z_95, Z_998 = 1.959964, 3.090232
LEAST_CASES, LEAST_EXPECTED = 30, 5.0
"""Groups with fewer cases, or with fewer expected on either side, are hidden: their limits would be no normal ones."""
WINSORISED = 0.1
OF_A_NORMAL = 0.678701
"""Mean square of a standard normal number whose outer tenths are pulled in to the 10th and 90th percentile."""
LARGEST_PRECISION = 1e7


@dataclass(frozen=True)
class Counts:
    """One collector or team."""

    name: str
    n: int  # compared cases
    observed: int  # of these with the outcome
    expected: float  # to be expected
    variance: float  # of the difference of the two

    @property
    def is_hidden(self) -> bool:
        least = min(self.expected, self.n - self.expected)
        return self.n < LEAST_CASES or least < LEAST_EXPECTED or self.variance <= 0

    @property
    def z(self) -> float:
        return (self.observed - self.expected) / sqrt(self.variance)


@dataclass(frozen=True)
class FunnelPoint:
    """A group with limits of observed / expected around 1, and its ratio shrunk towards 1 with a 95 % interval."""

    counts: Counts
    ratio: float
    low_95: float
    high_95: float
    low_998: float
    high_998: float
    shrunk: float
    shrunk_low: float
    shrunk_high: float

    @property
    def verdict(self) -> str:
        """same (within the 95 % limits), or more / less and far (outside the 99.8 % limits) or look (between them)."""
        if self.low_95 <= self.ratio <= self.high_95:
            return "same"
        side = "more" if self.ratio > 1 else "less"
        return f"{side}_look" if self.low_998 <= self.ratio <= self.high_998 else f"{side}_far"


@dataclass(frozen=True)
class Comparison:
    points: tuple[FunnelPoint, ...]
    hidden: tuple[str, ...]  # names of groups that are too small
    factor: float  # over-dispersion: 1 where chance explains the scatter
    precision: float  # of the beta distribution of true rates: infinite where nothing speaks for true differences


def compare(groups: Sequence[Counts]) -> Comparison:
    """Groups large enough, in the order given, each against its own expectation."""
    large_enough = [group for group in groups if not group.is_hidden]
    factor = over_dispersion([group.z for group in large_enough])
    precision = precision_of(tuple(large_enough))
    return Comparison(
        tuple(_point(group, factor, precision) for group in large_enough),
        tuple(group.name for group in groups if group.is_hidden),
        factor,
        precision,
    )


def over_dispersion(zs: Sequence[float]) -> float:
    """Mean square of the z-scores with their outer tenths pulled in, over what it is for chance alone; at least 1."""
    if len(zs) < 10:
        return 1.0
    ordered = sorted(zs)
    cut = int(WINSORISED * len(ordered))
    low, high = ordered[cut], ordered[-1 - cut]
    mean = sum(min(max(z, low), high) ** 2 for z in zs) / len(zs)
    return max(1.0, mean / OF_A_NORMAL)


@lru_cache(maxsize=64)
def precision_of(groups: tuple[Counts, ...]) -> float:
    """Precision M of true rates ~ Beta(mM, (1 - m)M), m the group's expected share; by maximum likelihood. Kept for
    the same groups: a page that is drawn again would search again, longer the more collectors there are."""
    if len(groups) < 3:
        return inf

    def cost(log_m: float) -> float:
        return -sum(_log_likelihood(group, exp(log_m)) for group in groups)

    top = log(LARGEST_PRECISION)
    best = float(minimize_scalar(cost, bounds=(0.0, top), method="bounded", options={"xatol": 1e-4}).x)
    is_flat = best > top - 1 or cost(top) <= cost(best) + 1e-6
    return inf if is_flat else exp(best)


def _log_likelihood(group: Counts, precision: float) -> float:
    a = group.expected / group.n * precision
    b = precision - a
    return float(betaln(group.observed + a, group.n - group.observed + b) - betaln(a, b))


def _point(group: Counts, factor: float, precision: float) -> FunnelPoint:
    half = sqrt(group.variance * factor) / group.expected
    return FunnelPoint(
        group,
        group.observed / group.expected,
        max(0.0, 1 - Z_95 * half),
        1 + Z_95 * half,
        max(0.0, 1 - Z_998 * half),
        1 + Z_998 * half,
        *_shrunk(group, precision),
    )


def _shrunk(group: Counts, precision: float) -> tuple[float, float, float]:
    """Posterior mean and 95 % interval of the true rate, over the expected one."""
    mean = group.expected / group.n
    if precision == inf:
        return 1.0, 1.0, 1.0
    a = group.observed + mean * precision
    b = group.n - group.observed + (1 - mean) * precision
    low, high = (float(betaincinv(a, b, share)) for share in (0.025, 0.975))
    return a / (a + b) / mean, low / mean, high / mean
