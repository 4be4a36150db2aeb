from __future__ import annotations

import random
import re
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from duewatch.compliance.verdict_reasons import sentence
from duewatch.contract.capabilities import not_assessable
from duewatch.contract.i18n import words_in
from duewatch.evidence.wording import finding_sentence
from duewatch.ui.aging.summary import Flow, flows, worst_flow
from duewatch.ui.contact_limits.findings import proof_sentence
from duewatch.ui.overview.summary import overview_headline
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.tiles import Tile
from duewatch.ui.shell.address import RefusedValues, option_in_address, options_in_address

SINCE = date(2026, 9, 30)


def bridge(**amounts: int) -> pl.DataFrame:
    return pl.DataFrame({"component": list(amounts), "amount": [Decimal(amount) for amount in amounts.values()]})


def headline(language: str, **amounts: int) -> str:
    return overview_headline(words_in(language), Numbers(language, "CNY"), bridge(**amounts), SINCE)


def test_the_headline_names_the_three_largest_reasons_and_the_rest_so_that_they_add_up() -> None:
    amounts = {"opening": 1000, "new_entry": 300, "cured": -250, "paid_down": -20, "written_off": 0, "residual": 5}
    said = "Overdue balance rose 3.5% to ¥1.04k since 30 Sep 2026: +30.0% from new entries, −25.0% from cures, "
    assert headline("en", **amounts, closing=1035) == said + "−2.0% from payments, +0.5% from all else."


@pytest.mark.parametrize("seed", range(20))
def test_the_headlines_parts_add_up_as_they_are_printed(seed: int) -> None:
    draw = random.Random(seed)
    names = ("new_entry", "cured", "paid_down", "written_off", "residual")
    amounts = {name: draw.randrange(-300_000, 300_000) for name in names}
    said = headline("en", opening=1_000_000, **amounts, closing=1_000_000 + sum(amounts.values()))
    shown = [float(text.replace("−", "-")) for text in re.findall(r"([+−][\d.]+)% from", said)]
    change = float(re.findall(r"([\d.]+)% to", said)[0]) * (1 if "rose" in said else -1)
    assert sum(shown) == pytest.approx(change, abs=1e-6)


def test_a_change_that_rounds_to_nothing_is_not_called_a_rise() -> None:
    assert headline("en", opening=100_000, new_entry=20, cured=0, closing=100_020).startswith(
        "Overdue balance stands at ¥100k"
    )


def test_from_nothing_overdue_no_share_can_be_told() -> None:
    assert headline("en", opening=0, new_entry=20, closing=20).endswith("on 30 Sep 2026 nothing was overdue.")


@pytest.mark.parametrize(
    ("rises", "is_evident", "is_good_up", "colour"),
    [
        (True, False, False, "off"),
        (True, True, False, "red"),
        (False, True, False, "green"),
        (True, True, True, "green"),
    ],
)
def test_a_change_is_coloured_only_where_there_is_evidence(
    rises: bool, is_evident: bool, is_good_up: bool, colour: str
) -> None:
    assert Tile("cure_rate", "1%", "+1 pp", rises, is_evident, is_good_up).colour == colour


def test_a_flow_is_a_leak_only_beyond_its_own_past() -> None:
    calm = Flow("M3", "M4", 0.95, 0.9, 0.1, 8)
    leak = Flow("M1", "M2", 0.60, 0.4, 0.05, 8)
    assert worst_flow([calm, leak]) is leak
    assert worst_flow([calm]) is calm
    assert worst_flow([]) is None


def test_with_few_earlier_steps_nothing_is_called_usual() -> None:
    months = [date(2026, month, 28) for month in range(1, 6)]
    frame = pl.DataFrame(
        {"as_of": months, "from_bucket": "M1", "to_bucket": "M2", "to_no": 2, "rate": [0.1, 0.2, 0.1, 0.2, 0.9]}
    )
    (flow,) = flows(frame, months[-1])
    assert (flow.past_mean, flow.n_before, flow.excess) == (None, 4, 0.0)


def test_an_address_with_a_value_that_does_not_exist_falls_back_and_says_so() -> None:
    refused = RefusedValues()
    assert option_in_address("currency", ["CNY"], "CNY", {"currency": ["ZZZ"]}, refused) == "CNY"
    assert options_in_address("branch", ["a", "b"], {"branch": ["b", "x"]}, refused) == ["b"]
    assert refused.items == [("currency", "ZZZ"), ("branch", "x")]


def test_a_column_given_but_empty_is_missing_for_what_needs_it() -> None:
    names = [("payments", "paid_on", True, 3), ("payments", "amount", True, 0)]
    presence = pl.DataFrame(names, schema=["table_name", "column_name", "is_provided", "n_filled"], orient="row")
    lacking = {capability.id: missing for capability, missing in not_assessable(presence)}
    assert lacking["bridge_paid_down"] == ["payments.amount"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "A rule: breach. Against a standing instruction (F7)"), ("zh", "A rule：违规。违背持续指示（F7）")],
)
def test_what_a_finding_says_is_punctuated_as_its_language_is(language: str, said: str) -> None:
    row = {
        "rule_id": "r",
        "modality": "must",
        "verdict": "breach",
        "reason": "standing_instruction",
        "detail": "F7",
        "counted": None,
        "limit_count": None,
    }
    assert proof_sentence(words_in(language), row, {"r": "A rule"}) == said


@pytest.mark.parametrize(
    ("local_time", "detail", "said"),
    [
        ("08:30:00", "08:00-21:00", "（08:00-21:00，按债务人可能所在的另一时区的时间）"),
        ("07:59:59", "08:00-21:00", "（08:00-21:00）"),
        ("21:00:00", "08:00-21:00", "（08:00-21:00）"),
        (None, "08:00-21:00", "（08:00-21:00）"),
        ("12:00:00", "none", "（none）"),
    ],
)
def test_a_contact_in_time_by_its_own_clock_broke_the_hours_of_another_zone(
    local_time: str | None, detail: str, said: str
) -> None:
    row = {
        "rule_id": "r",
        "modality": "must",
        "verdict": "breach",
        "reason": "outside_hours",
        "detail": detail,
        "counted": None,
        "limit_count": None,
        "local_time": local_time,
    }
    assert proof_sentence(words_in("zh"), row, {"r": "A rule"}).endswith(said)
    assert finding_sentence(words_in("zh"), row, "A rule").count(said) == 1
    assert ("another zone" in sentence(row, "en")) == (local_time == "08:30:00")
