"""Rate and mix add up to the change, exactly, and say what the worked example says."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import event, given
from hypothesis import strategies as st

from duewatch.metrics.rate_mix import decompose

AMOUNT = st.decimals(0, 10_000, places=2)
PARTS = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(AMOUNT, AMOUNT).map(lambda pair: (min(pair), max(pair))), max_size=5
)


def test_every_bucket_improved_and_the_total_still_fell() -> None:
    """The worked example of the definitions: +2.0 points of rate, -3.0 points of mix."""
    actual = decompose({"M1": (300, 600), "M2": (80, 400)}, {"M1": (260, 500), "M2": (110, 500)})
    assert actual is not None
    assert (actual.total_from, actual.total_to) == (Fraction("0.38"), Fraction("0.37"))
    assert (actual.rate, actual.mix) == (Fraction("0.02"), Fraction("-0.03"))
    assert actual.one_way == 1


@given(before=PARTS, now=PARTS)
def test_rate_and_mix_add_up_to_the_change_exactly(before, now) -> None:  # type: ignore[no-untyped-def]
    actual = decompose(before, now)
    wholes = [sum(whole for _, whole in parts.values()) for parts in (before, now)]
    event(f"a ratio at both ends: {actual is not None}")
    assert (actual is None) == (0 in wholes)
    if actual is None:
        return
    totals = [
        Fraction(sum(part for part, _ in parts.values())) / Fraction(whole)
        for parts, whole in zip((before, now), wholes, strict=True)
    ]
    assert actual.rate + actual.mix == totals[1] - totals[0] == actual.change
    assert sum(s.share_from for s in actual.segments) == sum(s.share_to for s in actual.segments) == 1


@given(before=PARTS, now=PARTS)
def test_the_parts_are_those_of_the_formula(before, now) -> None:  # type: ignore[no-untyped-def]
    """Mean share times change of rate, and change of share times mean rate, in a loop over segments of both ends."""
    both = {name for name in before if name in now and before[name][1] and now[name][1]}
    before, now = ({name: parts[name] for name in sorted(both)} for parts in (before, now))
    actual = decompose(before, now)
    if not both:
        assert actual is None
        return
    rate = mix = Fraction(0)
    for name in both:
        shares = [Fraction(p[name][1]) / Fraction(sum(w for _, w in p.values())) for p in (before, now)]
        rates = [Fraction(p[name][0]) / Fraction(p[name][1]) for p in (before, now)]
        rate += (shares[0] + shares[1]) / 2 * (rates[1] - rates[0])
        mix += (shares[1] - shares[0]) * (rates[0] + rates[1]) / 2
    assert actual is not None
    assert (actual.rate, actual.mix) == (rate, mix)


def test_the_same_mix_leaves_all_to_the_rates_and_the_same_rates_all_to_the_mix() -> None:
    same_mix = decompose({"a": (10, 100), "b": (40, 100)}, {"a": (30, 200), "b": (50, 200)})
    same_rates = decompose({"a": (10, 100), "b": (40, 100)}, {"a": (30, 300), "b": (40, 100)})
    assert same_mix is not None
    assert same_rates is not None
    assert (same_mix.mix, same_rates.rate) == (0, 0)
    assert same_mix.rate == same_mix.change == Fraction(-1, 20)
    assert same_rates.mix == same_rates.change == Fraction(-3, 40)


def test_a_segment_that_is_new_moves_the_whole_by_mix_alone() -> None:
    actual = decompose({"a": (Decimal(10), Decimal(100))}, {"a": (Decimal(10), Decimal(100)), "b": (50, 100)})
    assert actual is not None
    assert (actual.rate, actual.mix) == (0, Fraction(1, 5))
    new = next(segment for segment in actual.segments if segment.name == "b")
    assert (new.rate_from, new.share_from) == (None, 0)
