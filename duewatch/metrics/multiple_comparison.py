"""Who of several had more or fewer breaches than chance deals out, when all of them are looked at together.

Given how many breaches there are in all, chance deals them out by contacts, so a group's number is binomial (the exact
conditional test of Poisson rates; Przyborowski and Wilenski, Biometrika 31 (1940) 313-323). Breaches of one debtor
come together: numbers are divided by the mean size of such a bunch as a breach sees it, sum of squares over sum, which
is how much wider a sum of bunches scatters than single breaches do. Who is compared with whom is many questions at
once: Holm's steps (Scand J Statist 6 (1979) 65-70) keep the chance that an even floor names anybody at the level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import betainc

LEVEL = 0.05


@dataclass(frozen=True)
class BreachCounts:
    """One group."""

    n_contacts: int
    n_breaching: int  # contacts in breach
    breach_squares: int  # sum over its debtors of the square of their breaches


def against_all(groups: Sequence[BreachCounts], level: float = LEVEL) -> list[str]:
    """Of each group in the order given: above, below or same, against all of them together, on both sides."""
    upper = [chance_of_so_many(group, groups) for group in groups]
    lower = [chance_of_so_few(group, groups) for group in groups]
    two_sided = [min(1.0, 2 * min(pair)) for pair in zip(upper, lower, strict=True)]
    return [
        "same" if not is_far else "above" if up < low else "below"
        for is_far, up, low in zip(holm(two_sided, level), upper, lower, strict=True)
    ]


def holm(chances: Sequence[float], level: float) -> list[bool]:
    """Which of the chances are too small to be chance, the smallest first, until one is not; none of no chances."""
    is_named = [False] * len(chances)
    for step, place in enumerate(sorted(range(len(chances)), key=lambda place: chances[place])):
        if chances[place] > level / (len(chances) - step):
            break
        is_named[place] = True
    return is_named


def chance_of_so_many(group: BreachCounts, peers: Sequence[BreachCounts]) -> float:
    """Chance that at least so many breaches of all `peers`, the group among them, fall to its share of the contacts."""
    n_own, n_all, share = _bunched(group, peers)
    return 1.0 if n_own == 0 else float(betainc(n_own, n_all - n_own + 1, share))


def chance_of_so_few(group: BreachCounts, peers: Sequence[BreachCounts]) -> float:
    """Chance that at most so many breaches of all `peers`, the group among them, fall to its share of the contacts."""
    n_own, n_all, share = _bunched(group, peers)
    return 1.0 if n_own == n_all else 1 - float(betainc(n_own + 1, n_all - n_own, share))


def _bunched(group: BreachCounts, peers: Sequence[BreachCounts]) -> tuple[float, float, float]:
    """Own breaches and all breaches, each in bunches, and the group's share of the contacts."""
    whole = sum(peer.n_breaching for peer in peers)
    size = sum(peer.breach_squares for peer in peers) / whole if whole else 1.0
    return group.n_breaching / size, whole / size, group.n_contacts / sum(peer.n_contacts for peer in peers)
