"""The accounts of one chunk: who owes, what product, and when which amount falls due. All money is in cents."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from duewatch.demo.parameters import Parameters
from duewatch.demo.timeline import NEVER, Bools, Floats, Ints, Timeline

LOAN, CARD, CAR, BUSINESS = range(4)
TERMS = (12, 18, 24)
CN_ZONES = ("Asia/Shanghai", "Asia/Urumqi")
US_ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")
ZONES = (*CN_ZONES, *US_ZONES)
ZONE_URUMQI, ZONE_NEW_YORK = 1, 2
ONE_ZONE, TWO_ZONES, NO_ZONE = range(3)
RESERVED_OPENED = (-6, -1)


@dataclass
class Portfolio:
    """Arrays by account (i), and by account and instalment (i, k). `due_on[i, k]` is a day number, NEVER where
    there is no such instalment; `owed_to[i, k]` is what is due up to and with instalment k.
    `partner[i]` is the other account of the same debtor, or -1."""

    first: int
    usd: Bools
    product: Ints
    grade: Ints
    judgement: Floats
    opened_on: Ints
    debtor: Ints
    partner: Ints
    zone: Ints
    zone_kind: Ints
    channel: Ints
    n_instalments: Ints
    due_on: Ints
    amount: Ints
    owed_to: Ints
    interest_share: Floats
    revolving: Ints
    reminded_before_due: Bools
    holdout: Bools
    reserved: Bools = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    @property
    def size(self) -> int:
        return len(self.usd)


def pick(rng: np.random.Generator, shares: tuple[float, ...], n: int) -> Ints:
    """`n` numbers 0.. drawn with these shares (the last takes what is left)."""
    bounds = np.cumsum(shares)[:-1]
    drawn: Ints = np.searchsorted(bounds, rng.random(n), side="right").astype(np.int64)
    return drawn


def draw_portfolio(
    rng: np.random.Generator, terms: Parameters, days: Timeline, *, first: int, reserved: Bools, want_usd: Ints
) -> Portfolio:
    """`reserved` accounts carry planted faults: loans of the longest term opened shortly before the window, in the
    currency that `want_usd` names (1, 0, or -1 for no wish), each the only account of its debtor."""
    n = len(reserved)
    usd = np.where(want_usd >= 0, want_usd == 1, rng.random(n) < terms.share_usd)
    product = np.where(rng.random(n) < terms.share_card, CARD, pick(rng, (0.62, 0.0, 0.2, 0.18), n))
    product = np.where(reserved, LOAN, product)
    term = np.where(product == CAR, 24, np.array(TERMS)[rng.integers(0, len(TERMS), n)])
    term = np.where(reserved, 24, term)
    earliest = np.where(product == CARD, -24, 1 - term)
    opened_month = rng.integers(earliest, days.months)
    opened_month = np.where(reserved, rng.integers(*RESERVED_OPENED, n), opened_month)
    partner = _partners(rng, terms, usd, reserved)
    debtor = np.where((partner >= 0) & (partner < np.arange(n)), partner, np.arange(n))
    usd = usd[debtor]
    opened_on = np.minimum(days.month_start(opened_month) + rng.integers(0, 28, n), days.n_days - 1)
    n_instalments = np.where(product == CARD, days.months - opened_month + 1, term)
    due_on = _due_dates(rng, days, opened_month, n_instalments)
    amount, revolving = _amounts(rng, product, usd, due_on)
    zone, zone_kind = _zones(rng, usd, reserved)
    return Portfolio(
        first=first,
        usd=usd,
        product=product,
        grade=pick(rng, terms.grade_shares, n),
        judgement=rng.standard_normal(n),
        opened_on=opened_on,
        debtor=debtor,
        partner=partner,
        zone=zone[debtor],
        zone_kind=zone_kind[debtor],
        channel=pick(rng, (0.45, 0.25, 0.12, 0.18), n)[debtor],
        n_instalments=n_instalments,
        due_on=due_on,
        amount=amount,
        owed_to=np.cumsum(amount, axis=1),
        interest_share=np.where(product == CARD, 0.0, rng.uniform(0.04, 0.16, n)),
        revolving=revolving,
        reminded_before_due=rng.random(n) < terms.pre_due_reminder_share,
        holdout=(rng.random(n) < terms.holdout_share) & ~reserved,
        reserved=reserved,
    )


def _partners(rng: np.random.Generator, terms: Parameters, usd: Bools, reserved: Bools) -> Ints:
    """Neighbours 2j and 2j + 1 share a debtor now and then."""
    n = len(usd)
    partner = np.full(n, -1, dtype=np.int64)
    even = np.arange(0, n - 1, 2)
    joined = even[(rng.random(len(even)) < terms.share_two_accounts) & ~reserved[even] & ~reserved[even + 1]]
    partner[joined], partner[joined + 1] = joined + 1, joined
    return partner


def _due_dates(rng: np.random.Generator, days: Timeline, opened_month: Ints, n_instalments: Ints) -> Ints:
    """Monthly from the month after opening, on one day of the month (1 to 27)."""
    k = np.arange(int(n_instalments.max()))
    due_day = rng.integers(0, 27, len(opened_month))
    exists = k[None, :] < n_instalments[:, None]
    month = np.where(exists, opened_month[:, None] + 1 + k[None, :], 0)
    return np.where(exists, days.month_start(month) + due_day[:, None], NEVER)


def _amounts(rng: np.random.Generator, product: Ints, usd: Bools, due_on: Ints) -> tuple[Ints, Ints]:
    """Instalment amounts, and what a card owes beyond its unpaid minimum payments."""
    n, width = due_on.shape
    typical = np.array([900.0, 420.0, 2600.0, 3800.0])[product] * np.where(usd, 0.22, 1.0)
    level = typical * np.exp(rng.normal(0.0, 0.6, n))
    wobble = np.where((product == CARD)[:, None], np.exp(rng.normal(0.0, 0.25, (n, width))), 1.0)
    amount = np.where(due_on < NEVER, np.maximum(np.round(level[:, None] * wobble * 100), 2000), 0)
    revolving = np.where(product == CARD, np.round(level * rng.uniform(4, 14, n)) * 100, 0)
    return amount.astype(np.int64), revolving.astype(np.int64)


def _zones(rng: np.random.Generator, usd: Bools, reserved: Bools) -> tuple[Ints, Ints]:
    n = len(usd)
    chinese = (rng.random(n) < 0.02).astype(np.int64)
    american = ZONE_NEW_YORK + pick(rng, (0.45, 0.28, 0.07, 0.2), n)
    kind = pick(rng, (0.92, 0.05, 0.03), n)
    kind = np.where(usd & ~reserved, kind, np.where(rng.random(n) < 0.005, NO_ZONE, ONE_ZONE))
    kind = np.where(reserved, ONE_ZONE, kind)
    zone = np.where(usd, np.where(kind == TWO_ZONES, ZONE_NEW_YORK, american), chinese)
    return np.where(reserved & ~usd, 0, zone), kind
