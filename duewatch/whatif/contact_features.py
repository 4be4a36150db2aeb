"""Bands of what happened lately, as whole numbers: the same words for the log and for days that are run again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from duewatch.whatif.features_as_of import NEAR, OPEN, PART, PASSED, PROMISES, Floats, Ints, is_promise_open

AGE_FROM = np.array([2, 3, 7, 15, 30, 60, 90, 180])
"""Days since the first of the spell at which the next band begins: from the third on, on the day that a debt is 4, 8,
16, 31, 61, 91 and 181 days past due."""
SINCE_FROM = np.array([4, 15, 31, 61])
"""Days since the last payment of the spell at which the next band begins; the last band: none yet."""
MONTH_FROM = np.array([5, 9, 11, 14, 16, 21, 26])
NEVER = 10_000
TALKS = ("reached_1", "reached_3", "reached_7", "reached_7_twice", "reached_7_thrice")
TALK_DAYS = (1, 3, 7)
"""Of the terms of TALKS."""
FRESH_DAYS = 3
ASKED = (*OPEN, "promise_near_fresh", "promise_fresh")
"""One of them while a promise is open. The last two: made in the last FRESH_DAYS, when few pay what they have promised
for later, due today or tomorrow and after that."""
LATE = 5
"""Band of AGE_FROM that begins after the first month."""
LATER = (3, 5, 6, 7, 8)
"""Bands of AGE_FROM from which a promise says something more: about as many keep one at every age, while those who pay
without one become few, so that its odds against theirs grow."""
EXPOSURES = (*TALKS, *ASKED, *(f"{name}_{AGE_FROM[band - 1]}" for band in LATER for name in ASKED))
"""What a talk leads to: it was held some days ago and no promise is open, or one came of it that is."""
MARKS = ("tried_3", "tried_7", "tried_7_twice", "tried_7_thrice", *(name for name in PROMISES if name not in OPEN))
"""What tells who an account is and is no effect of a talk: it was dialled, or a promise of it has passed or was paid in
part."""
EFFECT = np.array([1 / 3, 1.0, 1.0, 0.0, 0.0] + [0.0] * (len(EXPOSURES) - len(TALKS)))
"""What one talk does on each of the three days after it where no promise comes of it, on average, in the terms of
EXPOSURES."""
TOUCHED = ("dialled", "talked")
"""What a spell has seen, at most, as places plus one: who has been called may be asked for a part."""
BALANCE_SHARES = (0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99)
DEPTH_FROM = np.array([0.75, 1.5, 2.5, 3.5, 4.5, 6.5, 8.5])
"""Instalments past due at which the next band of depth begins."""


INSTALMENT_DAYS = 30
MONTH_DAYS, LONGEST_MONTH = 365.25 / 12, 31
ROUNDED = 0.05
"""Share of an instalment, a fee left open or a cent rounded away, that makes a debt no instalment older."""


def cuts_of(owed: Floats) -> Floats:
    """Between bands of arrears, by shares of the rows, finer where much is owed; none where nothing is known."""
    some = owed[owed > 0]
    return np.unique(np.quantile(some, BALANCE_SHARES)) if len(some) else np.zeros(0)


def balance_band(owed: Floats, cuts: Floats) -> Ints:
    return np.where(owed > 0, np.searchsorted(cuts, owed, "right") + 1, 0).astype(np.int64)


def depth_band(owed: Floats, instalment: Floats) -> Ints:
    """How many instalments are past due, in bands: a debt paid in part is not so deep as its age says. 0 not known."""
    is_known = (owed > 0) & (instalment > 0)
    depth = owed / np.where(is_known, instalment, 1.0)
    return np.where(is_known, np.searchsorted(DEPTH_FROM, depth, "right") + 1, 0).astype(np.int64)


def told_terms(talks: Ints, promise: Ints, fresh: NDArray[np.bool_], age_band: Ints) -> Ints:
    """EXPOSURES. `talks`: days with one in the last TALK_DAYS, a row each; `promise`: its band; `fresh`: made in the
    last FRESH_DAYS."""
    is_open = is_promise_open(promise)
    one, three, seven = talks
    told = np.stack([one >= 1, three >= 1, seven >= 1, seven >= 2, seven >= 3]) & ~is_open
    is_near = promise == NEAR
    ripe = [(promise == PROMISES.index(name) + 1) & ~fresh for name in OPEN]
    asked = np.stack([*ripe, is_near & fresh, is_open & ~is_near & fresh])
    return np.concatenate([told, asked, *(asked & (age_band >= band) for band in LATER)]).astype(np.int64)


def is_ripe(seen: Ints) -> NDArray[np.bool_]:
    """Of terms of EXPOSURES: a promise that is due soon, or older than FRESH_DAYS, so that it may be kept today."""
    return np.asarray((seen[len(TALKS) : len(TALKS) + len(ASKED) - 1] > 0).any(axis=0))


def since_band(since: Ints) -> Ints:
    return np.where(since >= NEVER, len(SINCE_FROM) + 1, np.searchsorted(SINCE_FROM, since, "right")).astype(np.int64)


def exposures(
    spell: Ints, dials: Ints, reached: Ints, promise: Ints, fresh: NDArray[np.bool_], age_band: Ints
) -> tuple[Ints, Ints]:
    """EXPOSURES and MARKS of each row, from the days before it in its spell."""
    talks = np.stack([_before(spell, reached > 0, n) for n in TALK_DAYS])
    three, seven = (_before(spell, dials > 0, n) for n in (3, 7))
    return told_terms(talks, promise, fresh, age_band), marked_terms(three, seven, promise)


def marked_terms(three: Ints, seven: Ints, promise: Ints) -> Ints:
    """MARKS. Whoever has promised was dialled for it, however many days ago: of them only that is told."""
    is_open = is_promise_open(promise)
    tried = [(three >= 1) | is_open, (seven >= 1) | is_open, (seven >= 2) & ~is_open, (seven >= 3) & ~is_open]
    return np.stack([*tried, promise == PASSED, promise == PART]).astype(np.int64)


def behind_band(age: Ints, owed: Floats, instalment: Floats) -> Ints:
    """Band of AGE_FROM by days past due of the oldest instalment that is not paid, where arrears are known: a debt paid
    in part is not so late as its spell is old. As many instalments are taken to be paid as are missing of one a
    month, the longest of months, so that none is which has only not fallen due yet."""
    is_known = (owed > 0) & (instalment > 0)
    unpaid = np.ceil(owed / np.where(is_known, instalment, 1.0) - ROUNDED)
    paid = np.maximum(1 + (age - 1) // LONGEST_MONTH - unpaid, 0)
    late = np.maximum(age - INSTALMENT_DAYS * paid, 1)
    return np.searchsorted(AGE_FROM, np.where(is_known, late, age), "right").astype(np.int64)


def falls_due(age: Ints) -> NDArray[np.bool_]:
    """Whether a spell of so many days meets its next instalment: one a month of the mean length."""
    return np.asarray(age // MONTH_DAYS > (age - 1) // MONTH_DAYS)


def month_band(day: Ints) -> Ints:
    """Band of the day of the month: paydays move payments."""
    when = day.astype("datetime64[D]")
    of_month = (when - when.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    return np.asarray(np.searchsorted(MONTH_FROM, of_month, "right"), dtype=np.int64)


def _before(spell: Ints, happened: NDArray[np.bool_], n_days: int) -> Ints:
    """How many of the `n_days` rows before each, of the same spell, had it."""
    total = np.concatenate(([0], np.cumsum(happened.astype(np.int64))))
    at = np.arange(len(spell))
    start = np.searchsorted(spell, spell, "left")
    return np.asarray(total[at] - total[np.maximum(at - n_days, start)], dtype=np.int64)


def touched(spell: Ints, dials: Ints, reached: Ints) -> Ints:
    """What the spell had seen before each row: TOUCHED, 0 no call."""
    talked, dialled = (rows_since(spell, happened) < NEVER for happened in (reached, dials))
    return np.where(talked, 2, np.where(dialled, 1, 0)).astype(np.int64)


def next_time(spell: Ints, happened: NDArray[np.bool_], n_days: int) -> Ints:
    """Rows from each to the next of its spell that has it, at most `n_days`; 0 where there is none."""
    size = len(spell)
    at = np.where(happened, np.arange(size), size)
    coming = np.append(np.minimum.accumulate(at[::-1])[::-1], size)[1:]
    ahead = coming - np.arange(size)
    same = spell[np.minimum(coming, size - 1)] == spell
    return np.where((coming < size) & same & (ahead <= n_days), ahead, 0)


def rows_since(spell: Ints, happened: Ints) -> Ints:
    """Rows since the last that had it (above 0) before each row of its spell; NEVER where there is none."""
    at = np.arange(len(spell))
    last = np.maximum.accumulate(np.where(happened > 0, at, -1)) if len(at) else at
    last = np.concatenate(([-1], last[:-1])) if len(at) else at
    return np.where(last >= np.searchsorted(spell, spell, "left"), at - last, NEVER)
